public import Accounts
import Database
public import Foundation
import StateMachines
import Workflows

/// What will happen by itself: one armed timer.
public struct ArmedTimer: Sendable, Hashable {
    /// The machine of the record.
    public var machine: String
    /// The record.
    public var record: UUID
    /// What the record is called; nil when it is gone.
    public var name: String?
    /// The timer.
    public var timer: String
    /// Which firing it is, from 1.
    public var occurrence: Int
    /// When it is meant to happen.
    public var moment: Date
    /// When it is tried: later than the moment when a try has failed.
    public var triedAt: Date
    fileprivate var micros: Int64
}

/// Reads what will happen by itself, as the visitor (O-16).
public struct TimerReader: Sendable {
    private let dependencies: WebDependencies

    /// Makes a reader.
    public init(_ dependencies: WebDependencies) { self.dependencies = dependencies }

    /// The timers that are armed, soonest first.
    ///
    /// - Parameters:
    ///   - machine: Only those of this machine; nil: of all.
    ///   - mark: Where the page before ended.
    ///   - limit: How many at most.
    ///   - visit: Who asks.
    /// - Returns: The visitor and the timers.
    /// - Throws: ``Problem`` 401, 403, or 422 for a mark that is none of ours; `DatabaseError`.
    public func timers(
        of machine: String?, after mark: String?, limit: Int = 50, _ visit: Visit
    ) async throws -> (visitor: Visitor, page: ListPage<ArmedTimer>) {
        let (visitor, results) = try await visit.read([try Self.page(machine, mark, limit)])
        let found = try results[0].rows.map { row in
            ArmedTimer(
                machine: try row.value("machine"), record: try row.value("record_id"), name: try row.optional("name"),
                timer: try row.value("timer"), occurrence: try row.value("occurrence"),
                moment: try row.value("moment"), triedAt: try row.value("fire_at"), micros: try row.value("micros"))
        }
        let page = ListPage(found, limit: limit) {
            MomentMark.text($0.micros, $0.record, $0.machine, $0.timer)
        } item: {
            $0
        }
        return (visitor, page)
    }

    private static func page(_ machine: String?, _ mark: String?, _ limit: Int) throws(Problem) -> SQL {
        var conditions: [SQL] = [
            Scoping.predicate(for: .workflowTimers, of: .admin, alias: "t"),
            // Rows that only ask for a record's timers to be worked out again.
            "t.timer ~ '^[a-z]'",
        ]
        if let machine { conditions.append("t.machine = \(machine)") }
        if let mark {
            let mark = try MomentMark(mark)
            guard mark.rest.count == 3 else { throw MomentMark.unreadable }
            conditions.append(
                """
                (t.fire_at, t.record_id, t.machine, t.timer)
                    > (\(mark.moment), \(try mark.id), \(mark.rest[1])::text, \(mark.rest[2])::text)
                """)
        }
        return """
            SELECT t.machine, t.record_id, t.timer, t.occurrence, t.moment, t.fire_at,
                \(MomentMark.micros(of: "t.fire_at")) AS micros, \(RecordName.of("t.machine", "t.record_id")) AS name
            FROM workflow_timers t WHERE \(conditions.joined(separator: " AND "))
            ORDER BY t.fire_at, t.record_id, t.machine, t.timer LIMIT \(limit + 1)::bigint
            """
    }
}
