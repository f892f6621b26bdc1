import Database
import Foundation
import StateMachines

extension InvoiceRows {
    static func payments(of invoices: SQL) -> SQL {
        """
        SELECT invoice_id, id, external_reference, amount_cents, unapplied_cents, method, state, received_on, reversed_because,
            recorded_by_kind, recorded_by, recorded_at
        FROM payments WHERE invoice_id IN (\(invoices)) ORDER BY recorded_at, id
        """
    }

    static func allocations(of invoices: SQL) -> SQL {
        """
        SELECT payment_id, kind, fee_number, amount_cents FROM payment_allocations
        WHERE invoice_id IN (\(invoices))
        """
    }

    static func lateFees(of invoices: SQL) -> SQL {
        """
        SELECT invoice_id, number, assessed_on, principal_cents, amount_cents, paid_cents, waived_by, waived_reason
        FROM invoice_late_fees WHERE invoice_id IN (\(invoices)) ORDER BY number
        """
    }

    static func creditNotes(of invoices: SQL) -> SQL {
        """
        SELECT invoice_id, id, number, reason, note, amount_cents, applied_cents, issued_on
        FROM credit_notes WHERE invoice_id IN (\(invoices)) ORDER BY created_at, id
        """
    }

    /// Looks a payment's reference up among all payments: it is unique for the whole company.
    static func knownReference(_ given: JSONValue?) -> SQL {
        let reference: String? = if case .string(let text) = given, !text.contains("\0") { text } else { nil }
        return """
            SELECT external_reference, recorded_at FROM payments
            WHERE md5(external_reference) = md5(\(reference)::text) AND state <> 'pending'
            """
    }

    /// Adds new payments with what they pay, and takes back those that came to nothing.
    static func write(_ payments: [InvoicePayment], before: [InvoicePayment], of invoice: InvoiceFacts) -> [SQL] {
        let states = Dictionary(uniqueKeysWithValues: before.compactMap { old in old.id.map { ($0, old.state) } })
        return payments.flatMap { payment -> [SQL] in
            guard let id = payment.id else { return insert(payment, of: invoice) }
            return states[id] == payment.state ? [] : takeBack(payment, id: id)
        }
    }

    private static func insert(_ payment: InvoicePayment, of invoice: InvoiceFacts) -> [SQL] {
        let id = UUID.v7()
        var kinds: [String] = []
        var numbers: [Int] = []
        var amounts: [Int64] = []
        if payment.principalCents > 0 {
            (kinds, numbers, amounts) = (["principal"], [0], [payment.principalCents])
        }
        for (number, cents) in payment.feeCents.sorted(by: { $0.key < $1.key }) {
            kinds.append("fee")
            numbers.append(number)
            amounts.append(cents)
        }
        let row: SQL = """
            INSERT INTO payments (id, partner_id, invoice_id, amount_cents, unapplied_cents, method,
                external_reference, state, received_on, recorded_by_kind, recorded_by, recorded_at)
            VALUES (\(id), \(invoice.partner.id), \(invoice.id), \(payment.amountCents), \(payment.unappliedCents),
                \(payment.method), \(payment.reference), \(payment.state.rawValue), \(payment.receivedOn),
                \(payment.recordedBy.kind.rawValue), \(payment.recordedBy.id), \(payment.recordedAt))
            """
        guard !kinds.isEmpty else { return [row] }
        let allocations: SQL = """
            INSERT INTO payment_allocations (payment_id, invoice_id, kind, fee_number, amount_cents)
            SELECT \(id), \(invoice.id), a.kind, a.fee_number, a.amount_cents
            FROM unnest(\(kinds), \(numbers), \(amounts)) AS a (kind, fee_number, amount_cents)
            """
        return [row, allocations]
    }

    private static func takeBack(_ payment: InvoicePayment, id: UUID) -> [SQL] {
        [
            "DELETE FROM payment_allocations WHERE payment_id = \(id)",
            """
            UPDATE payments
            SET state = \(payment.state.rawValue), unapplied_cents = \(payment.unappliedCents),
                reversed_because = \(payment.reversedBecause)
            WHERE id = \(id)
            """,
        ]
    }

    /// Adds new fees and changes those that were paid or waived.
    static func write(_ fees: [LateFee], before: [LateFee], of invoice: UUID) -> [SQL] {
        fees.filter { !before.contains($0) }.map { fee in
            """
            INSERT INTO invoice_late_fees (invoice_id, number, assessed_on, principal_cents, amount_cents, paid_cents,
                waived_by, waived_reason)
            VALUES (\(invoice), \(fee.number), \(fee.assessedOn), \(fee.principalCents), \(fee.amountCents),
                \(fee.paidCents), \(fee.waivedBy), \(fee.waivedReason))
            ON CONFLICT (invoice_id, number) DO UPDATE
            SET paid_cents = excluded.paid_cents, waived_by = excluded.waived_by,
                waived_reason = excluded.waived_reason
            """
        }
    }

    static func insert(_ note: CreditNote, of invoice: UUID) -> SQL {
        """
        INSERT INTO credit_notes (id, number, invoice_id, reason, note, amount_cents, applied_cents, issued_on)
        VALUES (\(UUID.v7()), \(note.number), \(invoice), \(note.reason), \(note.note), \(note.amountCents),
            \(note.appliedCents), \(note.issuedOn))
        """
    }
}

/// What belongs to invoices that were read together, by invoice.
struct InvoiceParts {
    private var payments: [UUID: [InvoicePayment]] = [:]
    private var lateFees: [UUID: [LateFee]] = [:]
    private var creditNotes: [UUID: [CreditNote]] = [:]
    private let knownReference: InvoiceFacts.KnownReference?
    private let nextCreditNote: Int64

    /// Reads the rows of a load: the invoices', payments', allocations', fees', notes', the known reference, the series.
    init(_ rows: [[Row]]) throws {
        var payments: [UUID: InvoicePayment] = [:]
        var order: [(invoice: UUID, payment: UUID)] = []
        for row in rows[1] {
            let id = try row.value("id", as: UUID.self)
            payments[id] = try InvoicePayment(row)
            order.append((try row.value("invoice_id"), id))
        }
        for row in rows[2] {
            let cents = try row.value("amount_cents", as: Int64.self)
            let number = try row.value("fee_number", as: Int.self)
            let id = try row.value("payment_id", as: UUID.self)
            if number == 0 { payments[id]?.principalCents += cents } else { payments[id]?.feeCents[number] = cents }
        }
        for (invoice, id) in order { self.payments[invoice, default: []] += payments[id].map { [$0] } ?? [] }
        for row in rows[3] { lateFees[try row.value("invoice_id"), default: []].append(try LateFee(row)) }
        for row in rows[4] { creditNotes[try row.value("invoice_id"), default: []].append(try CreditNote(row)) }
        knownReference = try rows[5].first.map(InvoiceFacts.KnownReference.init)
        nextCreditNote = try rows[6].first?.value("next") ?? 0
    }

    /// Gives an invoice what belongs to it.
    func fill(_ facts: inout InvoiceFacts) {
        facts.payments = payments[facts.id] ?? []
        facts.lateFees = lateFees[facts.id] ?? []
        facts.creditNotes = creditNotes[facts.id] ?? []
        facts.knownReference = knownReference
        facts.nextCreditNote = nextCreditNote
    }
}

extension InvoicePayment {
    init(_ row: Row) throws {
        let kind = Actor.Kind(rawValue: try row.value("recorded_by_kind")) ?? .system
        self.init(
            id: try row.value("id"), reference: try row.optional("external_reference"),
            amountCents: try row.value("amount_cents"), unappliedCents: try row.value("unapplied_cents"),
            method: try row.optional("method"), state: State(rawValue: try row.value("state")) ?? .failed,
            receivedOn: try row.optional("received_on"), reversedBecause: try row.optional("reversed_because"),
            recordedBy: Actor(kind: kind, id: try row.optional("recorded_by"), role: kind.rawValue),
            recordedAt: try row.value("recorded_at"))
    }
}

extension LateFee {
    init(_ row: Row) throws {
        self.init(
            number: try row.value("number"), assessedOn: try row.value("assessed_on"),
            principalCents: try row.value("principal_cents"), amountCents: try row.value("amount_cents"),
            paidCents: try row.value("paid_cents"), waivedReason: try row.optional("waived_reason"),
            waivedBy: try row.optional("waived_by"))
    }
}

extension CreditNote {
    init(_ row: Row) throws {
        self.init(
            id: try row.value("id"), number: try row.value("number"), reason: try row.value("reason"),
            note: try row.optional("note"), amountCents: try row.value("amount_cents"),
            appliedCents: try row.value("applied_cents"), issuedOn: try row.value("issued_on"))
    }
}

extension InvoiceFacts.KnownReference {
    init(_ row: Row) throws {
        self.init(reference: try row.value("external_reference"), recordedAt: try row.value("recorded_at"))
    }
}
