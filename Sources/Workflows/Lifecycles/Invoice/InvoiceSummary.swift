public import Database
public import Foundation
public import StateMachines

/// An invoice as lists show it.
public struct InvoiceSummary: Sendable {
    /// The invoice.
    public var id: UUID
    /// Its number, `INV-10284`.
    public var number: String
    /// The partner who owes it.
    public var partnerName: String
    /// The order it is for.
    public var orderNumber: String
    /// Its state.
    public var state: String
    /// How many events it has had.
    public var seq: Int
    /// Since when it is in its state.
    public var since: Date
    /// When it was issued.
    public var issuedOn: CalendarDay
    /// The last day on which paying is in time.
    public var dueDate: CalendarDay
    /// NET30, NET60 or prepaid.
    public var terms: String
    /// Order net, cents.
    public var subtotalCents: Int64
    /// Tax, cents.
    public var taxCents: Int64
    /// Shipping, cents.
    public var shippingCents: Int64
    /// What was invoiced, cents.
    public var totalCents: Int64
    /// What was paid, cents.
    public var amountPaidCents: Int64
    /// What was credited, cents.
    public var creditedCents: Int64
    /// Late fees, cents.
    public var lateFeeCents: Int64
    /// What is still to be paid, cents.
    public var amountDueCents: Int64
    /// Its PDF, once it is rendered.
    public var fileID: UUID?

    private static let columns: SQL = """
        i.id, i.invoice_number, p.business_name, o.order_number, i.status, i.status_seq, i.status_since,
        i.issued_on, i.due_date, i.payment_terms, i.subtotal_cents, i.tax_cents, i.shipping_cents, i.total_cents,
        i.amount_paid_cents, i.credited_cents, i.late_fee_cents, i.amount_due_cents, i.pdf_file_id
        FROM invoices i
        JOIN partners p ON p.id = i.partner_id
        JOIN orders o ON o.id = i.order_id
        """

    /// One invoice.
    public static func one(_ id: UUID) -> SQL { "SELECT \(columns) WHERE i.id = \(id)" }

    /// Attaches its PDF, which is stored under a document key.
    public static func attach(file key: String, to invoice: UUID) -> SQL {
        "UPDATE invoices SET pdf_file_id = (SELECT id FROM files WHERE document_key = \(key)) WHERE id = \(invoice)"
    }

    /// A partner's open invoices of which it may be reminded, oldest due first: none that is disputed, blocked,
    /// written off or promised for `today` or later.
    public static func reminded(ofPartnerOf invoice: UUID, today: CalendarDay) -> SQL {
        """
        SELECT \(columns)
        WHERE i.partner_id = (SELECT partner_id FROM invoices WHERE id = \(invoice))
          AND i.status IN ('pending', 'overdue')
          AND i.disputed_at IS NULL AND NOT i.dunning_block AND i.written_off_at IS NULL
          AND (i.promise_to_pay_on IS NULL OR i.promise_to_pay_on < \(today))
        ORDER BY i.due_date, i.id
        """
    }

    /// Reads a row of any of the statements above.
    ///
    /// - Throws: `DatabaseError` when the row is of another shape.
    public init(_ row: Row) throws {
        self.id = try row.value("id")
        self.number = try row.value("invoice_number")
        self.partnerName = try row.value("business_name")
        self.orderNumber = try row.value("order_number")
        self.state = try row.value("status")
        self.seq = try row.value("status_seq")
        self.since = try row.value("status_since")
        self.issuedOn = try row.value("issued_on")
        self.dueDate = try row.value("due_date")
        self.terms = try row.value("payment_terms")
        self.subtotalCents = try row.value("subtotal_cents")
        self.taxCents = try row.value("tax_cents")
        self.shippingCents = try row.value("shipping_cents")
        self.totalCents = try row.value("total_cents")
        self.amountPaidCents = try row.value("amount_paid_cents")
        self.creditedCents = try row.value("credited_cents")
        self.lateFeeCents = try row.value("late_fee_cents")
        self.amountDueCents = try row.value("amount_due_cents")
        self.fileID = try row.optional("pdf_file_id")
    }
}
