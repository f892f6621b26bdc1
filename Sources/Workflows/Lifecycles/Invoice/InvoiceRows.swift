import Database
import Foundation
import StateMachines

/// The statements of an invoice's own row.
enum InvoiceRows {
    /// Takes the lock of the aggregate: everything about one order goes one after the other.
    ///
    /// No lock here is on a key, which never changes: so a row that refers to one of these can be written meanwhile, and
    /// two transactions that refer to each other's rows do not wait in a circle.
    static func lockOrders(of invoices: SQL) -> SQL {
        """
        SELECT id FROM orders
        WHERE id IN (SELECT order_id FROM invoices WHERE id IN (\(invoices)))
        ORDER BY id
        FOR NO KEY UPDATE
        """
    }

    /// Reads invoices and their partners; the invoices' own locks when they are about to be changed.
    static func invoices(_ ids: SQL, locking: Bool) -> SQL {
        let lock: SQL = locking ? "FOR NO KEY UPDATE OF i" : ""
        return """
            SELECT i.id, i.invoice_number, i.order_id, i.subtotal_cents, i.tax_cents, i.shipping_cents, i.total_cents,
                i.payment_terms, i.issued_on, i.due_date, i.paid_at, i.disputed_at, i.dispute_reason,
                i.promise_to_pay_on, i.written_off_at, i.dunning_block, i.status, i.status_seq, i.status_since,
                p.id AS partner_id, p.time_zone, p.late_fee_terms_accepted_on, \(lateFeePolicy)
            FROM invoices i JOIN partners p ON p.id = i.partner_id
            WHERE i.id IN (\(ids))
            ORDER BY i.id
            \(lock)
            """
    }

    /// Reads, under the order's lock, what an invoice is made from, and takes the series' lock; nothing for an order that
    /// has one, for a consumer's, which is never invoiced, for one that costs nothing, whose invoice nobody could pay, and
    /// for one whose terms are not among those wanted.
    static func uninvoiced(_ order: UUID, terms: [PaymentTerms] = PaymentTerms.allCases) -> [SQL] {
        let wanted: SQL = """
            o.id = \(order) AND o.total_cents > 0 AND o.payment_terms = ANY(\(terms.map(\.rawValue)))
            AND NOT EXISTS (SELECT FROM invoices i WHERE i.order_id = o.id)
            """
        return [
            """
            SELECT o.id, o.subtotal_cents - o.discount_cents AS net_cents, o.tax_cents, o.shipping_cents, o.total_cents,
                o.payment_terms, p.id AS partner_id, p.time_zone, p.late_fee_terms_accepted_on, \(lateFeePolicy)
            FROM orders o JOIN partners p ON p.id = o.partner_id
            WHERE \(wanted)
            FOR NO KEY UPDATE OF o
            """,
            // The whole company waits for this lock, so only who takes a number takes it.
            """
            SELECT next FROM number_series
            WHERE series = \(NumberSeries.invoice.rawValue)
              AND EXISTS (SELECT FROM orders o WHERE o.partner_id IS NOT NULL AND \(wanted))
            FOR UPDATE
            """,
        ]
    }

    /// What is set for the state of a partner `p`, else for all.
    private static let lateFeePolicy: SQL = """
        (SELECT coalesce(s.value -> p.state::text, s.value -> '*')::text FROM settings s
         WHERE s.key = 'late_fee.policy') AS late_fee_policy
        """

    static func insert(_ facts: InvoiceFacts, _ standing: RecordStanding) -> SQL {
        """
        INSERT INTO invoices (id, invoice_number, partner_id, order_id, subtotal_cents, tax_cents, shipping_cents,
            total_cents, payment_terms, issued_on, due_date, status, status_seq, status_since)
        VALUES (\(facts.id), \(facts.number), \(facts.partner.id), \(facts.orderID), \(facts.subtotalCents),
            \(facts.taxCents), \(facts.shippingCents), \(facts.totalCents), \(facts.terms.rawValue),
            \(facts.issuedOn), \(facts.dueDate), \(standing.state), \(standing.seq), \(standing.since))
        """
    }

    /// Writes the row if it still stands where it was locked; anything else aborts the transaction.
    static func update(_ facts: InvoiceFacts, _ standing: RecordStanding, from before: RecordStanding) -> SQL {
        """
        WITH moved AS (
            UPDATE invoices
            SET amount_paid_cents = \(facts.amountPaidCents), credited_cents = \(facts.creditedCents),
                late_fee_cents = \(facts.lateFeeCents), paid_at = \(facts.paidAt),
                disputed_at = \(facts.disputedAt), dispute_reason = \(facts.disputeReason),
                promise_to_pay_on = \(facts.promiseToPayOn), written_off_at = \(facts.writtenOffAt),
                status = \(standing.state), status_seq = \(standing.seq), status_since = \(standing.since)
            WHERE id = \(facts.id) AND status = \(before.state) AND status_seq = \(before.seq)
            RETURNING 1
        )
        SELECT workflow_demand_one((SELECT count(*) FROM moved), 'invoice')
        """
    }
}

extension InvoiceFacts {
    /// Reads a row of ``InvoiceRows/invoice(_:locking:)``.
    init(_ row: Row) throws {
        self.init(
            id: try row.value("id"), number: try row.value("invoice_number"), orderID: try row.value("order_id"),
            partner: try Partner(row), subtotalCents: try row.value("subtotal_cents"),
            taxCents: try row.value("tax_cents"), shippingCents: try row.value("shipping_cents"),
            totalCents: try row.value("total_cents"), terms: try PaymentTerms(row),
            issuedOn: try row.value("issued_on"), dueDate: try row.value("due_date"),
            paidAt: try row.optional("paid_at"), disputedAt: try row.optional("disputed_at"),
            disputeReason: try row.optional("dispute_reason"),
            promiseToPayOn: try row.optional("promise_to_pay_on"),
            writtenOffAt: try row.optional("written_off_at"), dunningBlock: try row.value("dunning_block"),
            payments: [], lateFees: [], creditNotes: [])
    }

    /// The facts with which an invoice for an order begins, of a row of ``InvoiceRows/order(_:)``.
    init(id: UUID, order: Row, nextNumber: Int64) throws {
        self.init(
            id: id, number: "", nextNumber: nextNumber, orderID: try order.value("id"), partner: try Partner(order),
            subtotalCents: try order.value("net_cents"), taxCents: try order.value("tax_cents"),
            shippingCents: try order.value("shipping_cents"), totalCents: try order.value("total_cents"),
            terms: try PaymentTerms(order), dunningBlock: false, payments: [], lateFees: [], creditNotes: [])
    }
}

extension InvoiceFacts.Partner {
    fileprivate init(_ row: Row) throws {
        let zone = try row.value("time_zone", as: String.self)
        self.init(
            id: try row.value("partner_id"), zone: TimeZone(identifier: zone) ?? .gmt,
            lateFeeTermsAcceptedOn: try row.optional("late_fee_terms_accepted_on"))
        if let policy = try row.optional("late_fee_policy", as: String.self) {
            lateFees = try JSONDecoder().decode(LateFeePolicy.self, from: Data(policy.utf8))
        }
    }
}

extension PaymentTerms {
    fileprivate init(_ row: Row) throws {
        // The column is checked against the same values.
        self = PaymentTerms(rawValue: try row.value("payment_terms")) ?? .prepaid
    }
}
