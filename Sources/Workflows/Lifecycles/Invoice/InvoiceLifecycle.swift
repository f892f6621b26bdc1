public import Database
public import Foundation
public import StateMachines

/// The code behind `workflows/invoice.yaml`: money owed for one order (L-07).
public struct InvoiceLifecycle: Lifecycle {
    /// Makes it.
    public init() {}

    /// `invoice`.
    public static let machine = "invoice"

    /// Guards and applies by name.
    public var rules: Rules<InvoiceFacts> {
        Rules(guards: InvoiceGuards.all, applies: InvoiceApplies.all)
    }

    /// Reads an invoice with its payments, fees and credit notes; its order's lock first, then its own.
    public func load(_ id: UUID, for command: Command?, locking: Bool) -> [SQL] {
        var statements = locking ? [InvoiceRows.lockOrder(of: id)] : []
        statements += [
            InvoiceRows.invoice(id, locking: locking), InvoiceRows.payments(of: id),
            InvoiceRows.allocations(of: id), InvoiceRows.lateFees(of: id), InvoiceRows.creditNotes(of: id),
            InvoiceRows.knownReference(command?.inputs["reference"]),
        ]
        // The company-wide lock on the series is taken by the one move that takes a number.
        let credits = command?.move == "issue_credit_note"
        statements.append(credits ? NumberSeries.creditNote.lockNext : "SELECT 0::bigint AS next")
        return statements
    }

    /// The invoice, if there is one.
    ///
    /// - Throws: `DatabaseError` when a row cannot be decoded.
    public func loaded(_ results: [StatementResult]) throws -> Loaded<InvoiceFacts>? {
        let rows = results.suffix(7).map(\.rows)
        guard let row = rows[0].first else { return nil }
        var facts = try InvoiceFacts(row)
        facts.payments = try InvoicePayment.all(rows[1], allocations: rows[2])
        facts.lateFees = try rows[3].map(LateFee.init)
        facts.creditNotes = try rows[4].map(CreditNote.init)
        facts.knownReference = try rows[5].first.map(InvoiceFacts.KnownReference.init)
        facts.nextCreditNote = try rows[6].first?.value("next") ?? 0
        let standing = RecordStanding(
            id: facts.id, state: try row.value("status"), seq: try row.value("status_seq"),
            since: try row.value("status_since"))
        return Loaded(standing: standing, facts: facts)
    }

    /// Reads the order, under its lock, and the next invoice number.
    public func prepare(from origin: UUID) -> [SQL] {
        [InvoiceRows.order(origin), NumberSeries.invoice.lockNext]
    }

    /// The facts of a new invoice; nil when there is no such order.
    ///
    /// - Throws: `DatabaseError` when a row cannot be decoded.
    public func prepared(_ results: [StatementResult], id: UUID) throws -> InvoiceFacts? {
        guard let order = results[0].rows.first, let series = results[1].rows.first else { return nil }
        return try InvoiceFacts(id: id, order: order, nextNumber: series.value("next"))
    }

    /// Writes a new invoice.
    public func insert(_ change: Change<InvoiceFacts>) -> [SQL] {
        [InvoiceRows.insert(change.facts, change.standing), NumberSeries.invoice.take]
    }

    /// Writes what is different: the invoice by compare and swap, then what was added or changed under it.
    public func update(_ change: Change<InvoiceFacts>, before: Loaded<InvoiceFacts>) -> [SQL] {
        let after = change.facts
        var statements = [InvoiceRows.update(after, change.standing, from: before.standing)]
        statements += InvoiceRows.write(after.payments, before: before.facts.payments, of: after)
        statements += InvoiceRows.write(after.lateFees, before: before.facts.lateFees, of: after.id)
        let newNotes = after.creditNotes.filter { $0.id == nil }
        statements += newNotes.map { InvoiceRows.insert($0, of: after.id) }
        if !newNotes.isEmpty { statements.append(NumberSeries.creditNote.take) }
        return statements
    }
}
