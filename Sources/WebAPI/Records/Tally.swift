public import Accounts
import Database
import Foundation
import HTTPTypes
public import StateMachines

/// A figure to begin the day with: how many of somebody's records answer to a query, and what they come to.
public struct Tally: Sendable, Hashable {
    /// What the API calls the figure.
    public var name: String
    /// What the API calls the records.
    public var resource: String
    /// Which of them, as their list takes it.
    public var query: [String: String]
    /// The amount that is added up, if any.
    public var sum: String?

    /// How it stands.
    public struct Standing: Sendable, Hashable {
        /// How many there are.
        public var count: Int
        /// What they come to, in cents; nil where nothing is added up.
        public var cents: Int64?
    }

    init(_ name: String, _ resource: String, _ query: [String: String], sum: String? = nil) {
        (self.name, self.resource, self.query, self.sum) = (name, resource, query, sum)
    }

    /// The figures of a portal's first page, in their order.
    ///
    /// - Parameters:
    ///   - kind: Whose portal.
    ///   - today: The company's day.
    /// - Returns: The figures.
    public static func all(for kind: Visitor.Kind, today: CalendarDay) -> [Tally] {
        let (day, next) = (today.description, today.adding(days: 1).description)
        switch kind {
        case .admin:
            return [
                Tally(
                    "orders_placed_today", "orders", ["placed_on_from": day, "placed_on_to": next], sum: "total_cents"),
                Tally("orders_to_confirm", "orders", ["status": "pending"], sum: "total_cents"),
                Tally("orders_held", "orders", ["is_held": "true"], sum: "total_cents"),
                Tally("orders_in_production", "orders", ["status": "production"]),
                Tally("shipments_on_quality_hold", "shipments", ["quality_hold": "true"]),
                Tally("invoices_overdue", "invoices", ["status": "overdue"], sum: "amount_due_cents"),
                Tally("applications", "partners", ["status": "pending"]),
                Tally("commissions_to_approve", "commissions", ["waits_for_approval": "true"], sum: "amount_cents"),
                Tally("leads_new", "leads", ["status": "new"]),
                Tally("tasks_open", "attention", ["is_open": "true"]),
            ]
        case .salesRep:
            return [
                Tally("leads_new", "leads", ["status": "new"]),
                Tally("leads_qualified", "leads", ["status": "qualified"], sum: "estimated_value_cents"),
                Tally("deals_negotiated", "deals", ["stage": "negotiation"], sum: "value_cents"),
                Tally("commissions_to_approve", "commissions", ["waits_for_approval": "true"], sum: "amount_cents"),
            ]
        case .partnerUser:
            return [
                Tally("orders_waiting", "orders", ["status": "pending"], sum: "total_cents"),
                Tally("orders_held", "orders", ["is_held": "true"]),
                Tally("orders_shipped", "orders", ["status": "shipped"]),
                Tally("invoices_open", "invoices", ["status": "pending"], sum: "amount_due_cents"),
                Tally("invoices_overdue", "invoices", ["status": "overdue"], sum: "amount_due_cents"),
            ]
        }
    }
}

extension Tally {
    /// What waits for somebody of the company to decide.
    static func approvals(today: CalendarDay) -> [Tally] {
        let names = ["applications", "commissions_to_approve", "orders_held", "shipments_on_quality_hold"]
        return all(for: .admin, today: today).filter { names.contains($0.name) }
    }
}

extension RecordDesk {
    /// How much waits for somebody of the company to decide, of what the visitor sees.
    ///
    /// - Returns: The visitor and the number; one round trip.
    /// - Throws: ``Problem`` 401, 403; `DatabaseError`.
    func approvals(_ visit: Visit) async throws -> (visitor: Visitor, count: Int) {
        let today = CalendarDay(dependencies.now(), in: dependencies.zone)
        let resources = resources
        let (visitor, results) = try await visit.read { kind in
            try Tally.approvals(today: today).map { tally -> SQL in
                guard let resource = resources[tally.resource] else { throw Problem.defect }
                return resource.count(try ListRequest(tally.query, of: resource, for: kind), for: kind)
            }
        }
        let counts = try results.map { Int(try $0.rows.first?.value("count", as: Int64.self) ?? 0) }
        return (visitor, counts.reduce(0, +))
    }

    /// One day of a trend.
    public struct DayTally: Sendable, Hashable {
        /// The day.
        public var day: CalendarDay
        /// How many orders were placed.
        public var count: Int
        /// What they come to.
        public var cents: Int64
    }

    /// How each of some figures stands, and the orders of the last thirty days, of what the visitor sees.
    ///
    /// - Throws: ``Problem`` 401, 403; `DatabaseError`.
    public func today(
        _ visit: Visit
    ) async throws -> (visitor: Visitor, figures: [(tally: Tally, standing: Tally.Standing)], days: [DayTally]) {
        let today = CalendarDay(dependencies.now(), in: dependencies.zone)
        let first = today.adding(days: -29)
        let resources = resources
        let (visitor, results) = try await visit.read { kind in
            let tallies = try Tally.all(for: kind, today: today).map { tally -> SQL in
                guard let resource = resources[tally.resource] else { throw Problem.defect }
                return resource.count(
                    try ListRequest(tally.query, of: resource, for: kind), for: kind, summing: tally.sum)
            }
            let days: SQL = """
                SELECT d::date AS day, count(t.id) AS count, coalesce(sum(t.total_cents), 0)::bigint AS cents
                FROM generate_series(\(first)::date, \(today)::date, interval '1 day') d
                LEFT JOIN orders t ON t.placed_on = d::date AND t.status <> 'cancelled'
                    AND \(Scoping.predicate(for: .orders, of: kind, alias: "t"))
                GROUP BY d ORDER BY d
                """
            return tallies + [days]
        }
        let figures = try zip(Tally.all(for: visitor.kind, today: today), results).map { tally, result in
            let row = result.rows.first
            return (
                tally: tally,
                standing: Tally.Standing(
                    count: Int(try row?.value("count", as: Int64.self) ?? 0),
                    cents: tally.sum == nil ? nil : try row?.optional("cents", as: Int64.self) ?? 0)
            )
        }
        let days = try results.last?.rows.map { row in
            DayTally(
                day: try row.value("day"), count: Int(try row.value("count", as: Int64.self)),
                cents: try row.value("cents"))
        }
        return (visitor, figures, days ?? [])
    }
}
