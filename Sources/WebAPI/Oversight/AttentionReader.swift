public import Accounts
import Database
public import Foundation
public import StateMachines

/// Something that waits for a person.
public struct AttentionItem: Sendable, Hashable {
    /// The item.
    public var id: UUID
    /// The machine of the record, or `webhook`.
    public var machine: String
    /// The record.
    public var record: UUID
    /// What the record is called; nil when it is gone.
    public var name: String?
    /// What there is to do, as the vocabulary names it.
    public var task: String
    /// What led to it.
    public var because: JSONValue
    /// Since when.
    public var openedAt: Date
}

/// Reads what waits for people, as the visitor.
public struct AttentionReader: Sendable {
    private let dependencies: WebDependencies

    /// Makes a reader.
    public init(_ dependencies: WebDependencies) { self.dependencies = dependencies }

    /// The open items, oldest first.
    ///
    /// - Parameters:
    ///   - mark: Where the page before ended.
    ///   - limit: How many at most.
    ///   - visit: Who asks.
    /// - Returns: The visitor and the items.
    /// - Throws: ``Problem`` 401, 403, or 422 for a mark that is none of ours; `DatabaseError`.
    public func open(
        after mark: String?, limit: Int = 50, _ visit: Visit
    ) async throws -> (visitor: Visitor, page: ListPage<AttentionItem>) {
        var behind: SQL = "true"
        if let mark {
            let mark = try MomentMark(mark)
            behind = "(t.opened_at, t.id) > (\(mark.moment), \(try mark.id))"
        }
        let (visitor, results) = try await visit.read([
            """
            SELECT t.id, t.machine, t.record_id, t.task, t.because, t.opened_at,
                \(MomentMark.micros(of: "t.opened_at")) AS micros, \(RecordName.of("t.machine", "t.record_id")) AS name
            FROM workflow_attention t
            WHERE t.closed_at IS NULL AND \(Scoping.predicate(for: .workflowAttention, of: .admin, alias: "t"))
                AND \(behind)
            ORDER BY t.opened_at, t.id LIMIT \(limit + 1)::bigint
            """
        ])
        let found = try results[0].rows.map { row in
            let item = AttentionItem(
                id: try row.value("id"), machine: try row.value("machine"), record: try row.value("record_id"),
                name: try row.optional("name"), task: try row.value("task"),
                because: try .stored(row.value("because", as: JSON.self)), openedAt: try row.value("opened_at"))
            return (item: item, micros: try row.value("micros", as: Int64.self))
        }
        let page = ListPage(found, limit: limit) {
            MomentMark.text($0.micros, $0.item.id)
        } item: {
            $0.item
        }
        return (visitor, page)
    }
}
