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

    /// Makes a command.
    public init(
        id: UUID, machine: String, records: [UUID], move: String, inputs: [String: JSONValue] = [:], actor: Actor,
        isDryRun: Bool = false
    ) {
        (self.id, self.machine, self.records, self.move) = (id, machine, records, move)
        (self.inputs, self.actor, self.isDryRun) = (inputs, actor, isDryRun)
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
            var command = Command(
                id: UUID(derivedFrom: "bulk", bulk.id.uuidString, record.uuidString), machine: bulk.machine,
                record: record, move: bulk.move, inputs: bulk.inputs, actor: bulk.actor, isDryRun: bulk.isDryRun)
            command.bulk = bulk.id
            outcomes.append((record, try await perform(command, now: now)))
        }
        return outcomes
    }
}
