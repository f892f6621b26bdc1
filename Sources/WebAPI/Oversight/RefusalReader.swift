public import Accounts
import Database
public import Foundation
import StateMachines

/// A move that was not made, as it is kept for ops.
public struct KeptRefusal: Sendable, Hashable {
    /// The refusal.
    public var id: UUID
    /// The machine.
    public var machine: String
    /// The record; nil where there was none yet.
    public var record: UUID?
    /// What the record is called; nil when there is none.
    public var name: String?
    /// The move that was asked for.
    public var move: String
    /// The state that the record was in.
    public var state: String?
    /// The role of whoever asked.
    public var role: String
    /// What they are called; nil for the program itself and for services.
    public var asker: String?
    /// The codes of all reasons, the headline first.
    public var codes: [String]
    /// The reasons in words; fewer than codes for those that are older than the column.
    public var messages: [String]
    /// When, UTC.
    public var at: Date
}

/// Reads what was refused lately, as the visitor (O-20).
public struct RefusalReader: Sendable {
    private let dependencies: WebDependencies

    /// Makes a reader.
    public init(_ dependencies: WebDependencies) { self.dependencies = dependencies }

    /// What was refused, newest first.
    ///
    /// - Parameters:
    ///   - machine: Only of this machine; nil: of all.
    ///   - mark: Where the page before ended.
    ///   - limit: How many at most.
    ///   - visit: Who asks.
    /// - Returns: The visitor and the refusals.
    /// - Throws: ``Problem`` 401, 403, or 422 for a mark that is none of ours; `DatabaseError`.
    public func refusals(
        of machine: String?, after mark: String?, limit: Int = 50, _ visit: Visit
    ) async throws -> (visitor: Visitor, page: ListPage<KeptRefusal>) {
        var conditions: [SQL] = [Scoping.predicate(for: .workflowRefusals, of: .admin, alias: "t")]
        if let machine { conditions.append("t.machine = \(machine)") }
        if let mark {
            guard let id = UUID(uuidString: mark) else { throw MomentMark.unreadable }
            conditions.append("t.id < \(id)")
        }
        // Their ids are in the order of time.
        let statement: SQL = """
            SELECT t.id, t.machine, t.record_id, t.move, t.state, t.role, t.codes, t.messages, t.at,
                \(ActorName.of("t.actor_kind", "t.actor_id")) AS asker,
                \(RecordName.of("t.machine", "t.record_id")) AS name
            FROM workflow_refusals t WHERE \(conditions.joined(separator: " AND "))
            ORDER BY t.id DESC LIMIT \(limit + 1)::bigint
            """
        let (visitor, results) = try await visit.read([statement])
        let found = try results[0].rows.map { row in
            KeptRefusal(
                id: try row.value("id"), machine: try row.value("machine"), record: try row.optional("record_id"),
                name: try row.optional("name"), move: try row.value("move"), state: try row.optional("state"),
                role: try row.value("role"), asker: try row.optional("asker"), codes: try row.value("codes"),
                messages: try row.value("messages"), at: try row.value("at"))
        }
        return (
            visitor,
            ListPage(found, limit: limit) {
                $0.id.uuidString.lowercased()
            } item: {
                $0
            }
        )
    }
}
