public import Database
import Foundation
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

    /// What the body of a `create` may hold: the order.
    static let body = [Ask(name: "order", type: .reference, isRequired: true)]

    /// Which invoices a reaction reaches.
    public var finders: [String: Finder] {
        ["open_invoice_of_order": { source in "SELECT id FROM invoices WHERE order_id = \(source.record)" }]
    }

    /// A prepaid order is invoiced when it is placed, a NET order when it ships; each once.
    public var factories: [String: Factory<InvoiceFacts>] {
        [
            "invoice_for_prepaid_order": factory(for: [.prepaid]),
            "invoice_for_net_order": factory(for: [.net30, .net60]),
        ]
    }

    private func factory(for terms: [PaymentTerms]) -> Factory<InvoiceFacts> {
        Factory(
            read: { source in InvoiceRows.uninvoiced(source.record, terms: terms) },
            make: { results, _ in
                let id = UUID.v7()
                return try made(results, id: id).map { [NewRecord(id: id, facts: $0)] } ?? []
            })
    }

    /// Reads invoices with their payments, fees and credit notes; their orders' locks first, then their own.
    public func load(_ records: SQL, for command: Command?, locking: Bool) -> [SQL] {
        var statements = locking ? [InvoiceRows.lockOrders(of: records)] : []
        statements += [
            InvoiceRows.invoices(records, locking: locking), InvoiceRows.payments(of: records),
            InvoiceRows.allocations(of: records), InvoiceRows.lateFees(of: records),
            InvoiceRows.creditNotes(of: records), InvoiceRows.knownReference(command?.inputs["reference"]),
        ]
        // The company-wide lock on the series is taken by the one move that takes a number.
        let credits = command?.move == "issue_credit_note"
        statements.append(credits ? NumberSeries.creditNote.lockNext : "SELECT 0::bigint AS next")
        return statements
    }

    /// The invoices.
    ///
    /// - Throws: `DatabaseError` when a row cannot be decoded.
    public func loaded(_ results: [StatementResult]) throws -> [Loaded<InvoiceFacts>] {
        let rows = results.suffix(7).map(\.rows)
        let parts = try InvoiceParts(rows)
        return try rows[0].map { row in
            var facts = try InvoiceFacts(row)
            parts.fill(&facts)
            let standing = RecordStanding(
                id: facts.id, state: try row.value("status"), seq: try row.value("status_seq"),
                since: try row.value("status_since"))
            return Loaded(standing: standing, facts: facts)
        }
    }

    /// Reads the order, under its lock, and the next invoice number.
    ///
    /// - Throws: `Refusal` with 422 when the body names no order.
    public func prepare(_ command: Command) throws -> [SQL] {
        let inputs = try Inputs(command.inputs, for: Self.body)
        // The reader has demanded it.
        return InvoiceRows.uninvoiced(inputs.reference("order") ?? command.record)
    }

    /// The facts of a new invoice; nil when there is no such order or it is invoiced.
    ///
    /// - Throws: `DatabaseError` when a row cannot be decoded.
    public func prepared(_ results: [StatementResult], for command: Command) throws -> InvoiceFacts? {
        try made(results, id: command.record)
    }

    private func made(_ results: [StatementResult], id: UUID) throws -> InvoiceFacts? {
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
