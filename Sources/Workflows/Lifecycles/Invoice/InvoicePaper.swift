public import Database
public import Documents
public import Foundation
import StateMachines

/// What is printed and mailed about an invoice: its amounts, its order's lines, its partner, its billing contacts.
public struct InvoicePaper: Sendable {
    /// The invoice.
    public var invoice: InvoiceSummary
    /// The partner, as letters address it.
    public var buyer: Addressee
    /// To whom mail about money goes: the partner's finance users, else its owners.
    public var billingContacts: [String]
    /// What is printed besides the invoice itself.
    var kind: InvoiceDocument.Kind
    private var purchaseOrder: String?
    private var lines: [InvoiceDocument.Line]

    /// Reads everything in one round trip.
    ///
    /// - Parameters:
    ///   - invoice: The invoice.
    ///   - event: The event that the paper follows from, such as a cancellation.
    ///   - zone: The company's, by whose days a cancellation is dated.
    ///   - session: A session or transaction.
    /// - Returns: nil when there is no such invoice.
    /// - Throws: `DatabaseError`.
    public static func read(_ invoice: UUID, event: UUID, zone: TimeZone, in session: Session) throws -> InvoicePaper? {
        let results = try session.pipeline([
            InvoiceSummary.one(invoice), buyer(of: invoice), lines(of: invoice), billingContacts(of: invoice),
            occasion(event),
        ])
        guard let row = results[0].rows.first, let buyer = results[1].rows.first else { return nil }
        return InvoicePaper(
            invoice: try InvoiceSummary(row), buyer: try Addressee(buyer),
            billingContacts: try results[3].rows.map { try $0.value("email") },
            kind: try results[4].rows.first.map { try InvoiceDocument.Kind($0, zone: zone) } ?? .invoice,
            purchaseOrder: try buyer.optional("po_number"), lines: try results[2].rows.map(InvoiceDocument.Line.init))
    }

    /// The document of that name in the vocabulary, for a company: `invoice`, `cancellation` or `credit_note`.
    public func document(_ name: String, of company: CompanyProfile) -> InvoiceDocument {
        InvoiceDocument(
            seller: company.letterhead, buyer: buyer, number: invoice.number, orderNumber: invoice.orderNumber,
            purchaseOrder: purchaseOrder, issuedOn: invoice.issuedOn.printed, dueOn: invoice.dueDate.printed,
            paymentTerms: PrintedText.terms(invoice.terms),
            lines: lines,
            totals: .init(
                subtotalCents: invoice.subtotalCents, taxCents: invoice.taxCents, shippingCents: invoice.shippingCents,
                totalCents: invoice.totalCents, lateFeesCents: invoice.lateFeeCents,
                creditedCents: invoice.creditedCents, paidCents: invoice.amountPaidCents,
                dueCents: invoice.amountDueCents),
            howToPay: company.howToPay, kind: name == "invoice" ? .invoice : kind)
    }
}

extension InvoicePaper {
    private static func buyer(of invoice: UUID) -> SQL {
        """
        SELECT p.business_name, p.contact_name, p.address, p.city, p.state, p.zip_code, o.po_number
        FROM invoices i JOIN partners p ON p.id = i.partner_id JOIN orders o ON o.id = i.order_id
        WHERE i.id = \(invoice)
        """
    }

    private static func lines(of invoice: UUID) -> SQL {
        """
        SELECT l.sku, l.description, l.quantity, l.unit_price_cents, l.subtotal_cents
        FROM order_items l JOIN invoices i ON i.order_id = l.order_id
        WHERE i.id = \(invoice) ORDER BY l.line_no
        """
    }

    private static func billingContacts(of invoice: UUID) -> SQL {
        """
        WITH people AS (
            SELECT u.email::text AS email, u.role
            FROM partner_users u JOIN invoices i ON i.partner_id = u.partner_id
            WHERE i.id = \(invoice) AND u.is_active AND u.role IN ('finance', 'owner')
        )
        SELECT email FROM people
        WHERE role = 'finance' OR NOT EXISTS (SELECT FROM people WHERE role = 'finance')
        ORDER BY email
        """
    }

    /// Reads a cancellation's reason, or the credit note that an event made: the how-manieth such event made the
    /// how-manieth note.
    private static func occasion(_ event: UUID) -> SQL {
        """
        SELECT e.move, e.reason, e.as_of, n.number, n.reason AS note_reason, n.amount_cents, n.issued_on
        FROM workflow_events e
        LEFT JOIN LATERAL (
            SELECT number, reason, amount_cents, issued_on FROM credit_notes
            WHERE invoice_id = e.record_id
            ORDER BY created_at, id
            OFFSET (SELECT count(*) - 1 FROM workflow_events earlier
                    WHERE earlier.machine = e.machine AND earlier.record_id = e.record_id
                      AND earlier.move = e.move AND earlier.seq <= e.seq)
            LIMIT 1
        ) n ON e.move = 'issue_credit_note'
        WHERE e.id = \(event)
        """
    }
}

extension Addressee {
    fileprivate init(_ row: Row) throws {
        let city: String = try row.value("city")
        let state: String = try row.value("state")
        let zip: String = try row.value("zip_code")
        self.init(
            businessName: try row.value("business_name"), contact: try row.optional("contact_name"),
            address: [try row.value("address"), "\(city), \(state) \(zip)"])
    }
}

extension InvoiceDocument.Line {
    fileprivate init(_ row: Row) throws {
        self.init(
            description: try row.value("description"), sku: try row.value("sku"),
            quantity: try row.value("quantity"), unitPriceCents: try row.value("unit_price_cents"),
            amountCents: try row.value("subtotal_cents"))
    }
}

extension InvoiceDocument.Kind {
    fileprivate init(_ row: Row, zone: TimeZone) throws {
        let move: String = try row.value("move")
        if let number = try row.optional("number", as: String.self) {
            let day = try row.value("issued_on", as: CalendarDay.self)
            let reason = try row.value("note_reason", as: String.self)
            self = .creditNote(
                number: number, issuedOn: day.printed, reason: reason.replacing("_", with: " "),
                amountCents: try row.value("amount_cents"))
        } else if move == "cancel" {
            let day = CalendarDay(try row.value("as_of", as: Date.self), in: zone)
            self = .cancellation(on: day.printed, reason: try row.optional("reason") ?? "")
        } else {
            self = .invoice
        }
    }
}
