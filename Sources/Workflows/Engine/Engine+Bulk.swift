public import Accounts
public import Foundation
public import StateMachines

/// One move wanted of many records.
public struct BulkCommand: Sendable {
    /// How many records one may name.
    public static let most = 500

    /// Its id, from which the commands' are derived: sent again, it goes on where it stopped.
    public var id: UUID
    /// The machine's name.
    public var machine: String
    /// The records; named twice, a record is moved once.
    public var records: [UUID]
    /// The move's name.
    public var move: String
    /// The inputs, the same for each.
    public var inputs: [String: JSONValue]
    /// Who asks.
    public var actor: Actor
    /// Whether everything is to be done and then taken back, to show what would become of it.
    public var isDryRun: Bool
    /// Who asks from outside, whose own each record has to be; nil for what the program does by itself.
    public private(set) var visitor: Visitor?

    /// Makes a command.
    public init(
        id: UUID, machine: String, records: [UUID], move: String, inputs: [String: JSONValue] = [:], actor: Actor,
        isDryRun: Bool = false
    ) {
        (self.id, self.machine, self.records, self.move) = (id, machine, records, move)
        (self.inputs, self.actor, self.isDryRun) = (inputs, actor, isDryRun)
    }

    /// Makes a command of somebody from outside: a record that is not theirs is refused with 404.
    public init(
        id: UUID, machine: String, records: [UUID], move: String, inputs: [String: JSONValue] = [:], visitor: Visitor,
        isDryRun: Bool = false
    ) {
        self.init(
            id: id, machine: machine, records: records, move: move, inputs: inputs, actor: visitor.actor,
            isDryRun: isDryRun)
        self.visitor = visitor
    }

    /// The command for one of the records.
    fileprivate func one(_ record: UUID) -> Command {
        let id = UUID(derivedFrom: "bulk", id.uuidString, record.uuidString)
        var command =
            if let visitor {
                Command(
                    id: id, machine: machine, record: record, move: move, inputs: inputs, visitor: visitor,
                    isDryRun: isDryRun)
            } else {
                Command(
                    id: id, machine: machine, record: record, move: move, inputs: inputs, actor: actor,
                    isDryRun: isDryRun)
            }
        command.bulk = self.id
        return command
    }
}

extension Engine {
    /// Makes a move of many records: for each a command, a transaction and an outcome of its own.
    ///
    /// - Parameters:
    ///   - bulk: What is asked.
    ///   - now: The present, UTC.
    /// - Returns: What became of each record, in their order.
    /// - Throws: `Refusal` with 422 for too many records; else as ``perform(_:now:)``, and the records before are done.
    public func perform(_ bulk: BulkCommand, now: Date) async throws -> [(record: UUID, outcome: Outcome)] {
        guard bulk.records.count <= BulkCommand.most else {
            throw Refusal(
                status: 422, code: "too_many", message: "At most \(BulkCommand.most) records at once.", field: "records"
            )
        }
        var outcomes: [(record: UUID, outcome: Outcome)] = []
        var seen: Set<UUID> = []
        for record in bulk.records where seen.insert(record).inserted {
            outcomes.append((record, try await perform(bulk.one(record), now: now)))
        }
        return outcomes
    }
}
