public import Database
import Foundation
public import StateMachines

/// The code behind `workflows/order_payment.yaml`: whether the money for an order has arrived (L-05).
///
/// It lives in the order's row, in columns of its own, which are null until `create`.
public struct OrderPaymentLifecycle: Lifecycle {
    /// Makes it.
    public init() {}

    /// `order_payment`.
    public static let machine = "order_payment"

    /// Guards and applies by name.
    public var rules: Rules<OrderPaymentFacts> {
        Rules(guards: OrderPaymentGuards.all, applies: OrderPaymentApplies.all)
    }

    /// The payment state of an order is the same row.
    public var finders: [String: Finder] {
        let own: Finder = { source in
            source.machine == "invoice"
                ? "SELECT order_id AS id FROM invoices WHERE id = \(source.record)"
                : "SELECT \(source.record)::uuid AS id"
        }
        return [
            "payment_of_order": own, "paid_payment_of_order": own,
            "paid_payment_of_cancelled_order": { source in
                "SELECT id FROM orders WHERE id = \(source.record) AND status = 'cancelled'"
            },
        ]
    }

    /// The payment state of an order that was just placed.
    public var factories: [String: Factory<OrderPaymentFacts>] {
        [
            "payment_of_order": Factory(
                read: { source in OrderPaymentRows.load("SELECT \(source.record)::uuid", locking: true) },
                make: { results, _ in
                    try OrderPaymentRows.facts(results)
                        .filter { try $0.row.optional("payment_status", as: String.self) == nil }
                        .map { NewRecord(id: $0.facts.id, facts: $0.facts) }
                })
        ]
    }

    /// Reads orders' payments, with the orders' locks first.
    public func load(_ records: SQL, for command: Command?, locking: Bool) -> [SQL] {
        OrderPaymentRows.load(records, locking: locking)
    }

    /// The payment states that have begun.
    ///
    /// - Throws: `DatabaseError` when a row cannot be decoded.
    public func loaded(_ results: [StatementResult]) throws -> [Loaded<OrderPaymentFacts>] {
        try OrderPaymentRows.facts(results).compactMap { row, facts in
            guard let state = try row.optional("payment_status", as: String.self) else { return nil }
            let standing = RecordStanding(
                id: facts.id, state: state, seq: try row.value("payment_status_seq"),
                since: try row.value("payment_status_since"))
            return Loaded(standing: standing, facts: facts)
        }
    }

    /// Reads the order that has no payment state yet.
    public func prepare(_ command: Command) throws -> [SQL] {
        OrderPaymentRows.load("SELECT \(command.record)::uuid", locking: true)
    }

    /// The facts with which the payment state begins; nil when there is no order without one.
    ///
    /// - Throws: `DatabaseError` when a row cannot be decoded.
    public func prepared(_ results: [StatementResult], for command: Command) throws -> OrderPaymentFacts? {
        guard let found = try OrderPaymentRows.facts(results).first,
            try found.row.optional("payment_status", as: String.self) == nil
        else { return nil }
        return found.facts
    }

    /// Begins the payment state in the order's row.
    public func insert(_ change: Change<OrderPaymentFacts>) -> [SQL] {
        [OrderPaymentRows.update(change.facts, change.standing, where: "payment_status IS NULL")]
    }

    /// Writes what is different, the state by compare and swap, and each new refund.
    public func update(_ change: Change<OrderPaymentFacts>, before: Loaded<OrderPaymentFacts>) -> [SQL] {
        let standing = before.standing
        let event = change.events.last
        let refunds: [SQL] = change.facts.newRefunds.map { refund in
            """
            INSERT INTO refunds (id, payment_id, order_id, amount_cents, reason, state, recorded_by_kind, recorded_by,
                recorded_at)
            VALUES (\(UUID.v7()), \(refund.payment), \(change.facts.id), \(refund.amountCents), \(refund.reason),
                'pending', \((event?.actor ?? .system).kind.rawValue), \(event?.actor.id),
                \(event?.asOf ?? change.standing.since))
            """
        }
        return [
            OrderPaymentRows.update(
                change.facts, change.standing,
                where: "payment_status = \(standing.state) AND payment_status_seq = \(standing.seq)")
        ] + refunds
    }
}

/// The statements of an order's payment.
enum OrderPaymentRows {
    static func load(_ records: SQL, locking: Bool) -> [SQL] {
        let lock: SQL = locking ? "FOR NO KEY UPDATE OF o" : ""
        return [
            """
            SELECT o.id, o.order_number, o.type, o.total_cents, o.refunded_cents, o.paid_at, o.payment_status,
                o.payment_status_seq, o.payment_status_since, p.time_zone
            FROM orders o LEFT JOIN partners p ON p.id = o.partner_id
            WHERE o.id IN (\(records)) ORDER BY o.id
            \(lock)
            """,
            "SELECT order_id, status, amount_due_cents FROM invoices WHERE order_id IN (\(records))",
            """
            SELECT coalesce(y.order_id, i.order_id) AS order_id, y.id,
                y.amount_cents - coalesce((
                    SELECT sum(r.amount_cents) FROM refunds r WHERE r.payment_id = y.id AND r.state <> 'failed'
                ), 0)::bigint AS left_cents
            FROM payments y LEFT JOIN invoices i ON i.id = y.invoice_id
            WHERE y.state = 'succeeded' AND (y.order_id IN (\(records)) OR i.order_id IN (\(records)))
            ORDER BY y.recorded_at, y.id
            """,
        ]
    }

    static func facts(_ results: [StatementResult]) throws -> [(row: Row, facts: OrderPaymentFacts)] {
        let rows = results.suffix(3).map(\.rows)
        return try rows[0].map { row in
            let id = try row.value("id", as: UUID.self)
            let invoice = try rows[1].first { try $0.value("order_id", as: UUID.self) == id }
            let receipts = try rows[2].filter { try $0.value("order_id", as: UUID.self) == id }.map { payment in
                OrderPaymentFacts.Receipt(payment: try payment.value("id"), leftCents: try payment.value("left_cents"))
            }
            let facts = OrderPaymentFacts(
                id: id, orderNumber: try row.value("order_number"),
                isConsumers: try row.value("type", as: String.self) == OrderFacts.Kind.consumer.rawValue,
                zone: try row.optional("time_zone", as: String.self).map { TimeZone(identifier: $0) ?? .gmt },
                totalCents: try row.value("total_cents"), invoiceStatus: try invoice?.value("status"),
                invoiceDueCents: try invoice?.value("amount_due_cents"), receipts: receipts,
                refundedCents: try row.value("refunded_cents"), paidAt: try row.optional("paid_at"))
            return (row, facts)
        }
    }

    /// Writes the row if it still stands where it was locked; anything else aborts the transaction.
    static func update(_ facts: OrderPaymentFacts, _ standing: RecordStanding, where expected: SQL) -> SQL {
        // What bounced is not paid any more; what was refunded has been.
        let paidAt = ["paid", "refunded"].contains(standing.state) ? facts.paidAt : nil
        return """
            WITH moved AS (
                UPDATE orders
                SET paid_at = \(paidAt), refunded_cents = \(facts.refundedCents),
                    payment_status = \(standing.state), payment_status_seq = \(standing.seq),
                    payment_status_since = \(standing.since)
                WHERE id = \(facts.id) AND \(expected)
                RETURNING 1
            )
            SELECT workflow_demand_one((SELECT count(*) FROM moved), 'order_payment')
            """
    }
}
