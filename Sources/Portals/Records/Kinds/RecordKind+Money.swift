import Accounts
import Documents
import Foundation
import StateMachines
import WebAPI
import Workflows

extension RecordKind {
    /// What partners owe, and what is done about it (A-06).
    static let invoices = RecordKind(
        resource: "invoices", machine: "invoice", noun: "invoice", title: "Invoices",
        name: Shown("Number", "invoice_number"), about: "What partners owe, and what is done about it",
        icon: "receipt", group: "Commerce", renamed: ["state": "status"], sort: "-issued_on",
        columns: [
            Shown("Partner", "partner_name", .link(to: "partners", by: "partner_id")),
            Shown("State", "status", .state("invoice")), Shown("Due date", "due_date", .day, sort: true),
            Shown("Overdue", .made(daysOverdue)), Shown("Amount due", "amount_due_cents", .money, sort: true),
        ],
        marks: { record, _ in
            (record.isTrue("is_partly_paid") ? [Badge("Partly paid", .warning)] : [])
                + (record.text("disputed_at") == nil ? [] : [Badge("Disputed", .warning)])
        },
        subtitle: Shown("Partner", "partner_name", .link(to: "partners", by: "partner_id")),
        sum: Sum(
            title: "What is owed", total: Shown("Amount due", "amount_due_cents", .money), totalLabel: "Amount due",
            hint: Shown("due", "due_date", .day),
            amounts: [
                Amount(label: "Goods", field: "subtotal_cents", isAlways: true),
                Amount(label: "Tax", field: "tax_cents", isAlways: true),
                Amount(label: "Shipping", field: "shipping_cents", isAlways: true),
                Amount(label: "Invoiced", field: "total_cents", isAlways: true),
                Amount(label: "Late fees", field: "late_fee_cents"),
                Amount(label: "Credited", field: "credited_cents", isSubtracted: true),
                Amount(label: "Paid", field: "amount_paid_cents", isSubtracted: true),
            ]),
        facts: [
            Shown("Order", "order_number", .link(to: "orders", by: "order_id")), Shown("Issued", "issued_on", .day),
            Shown("Due", "due_date", .day),
            Shown("Terms", .made { record, _ in record.text("payment_terms").map(terms) }),
            Shown("Overdue", .made(daysOverdue)), Shown("Paid", "paid_at", .moment),
            Shown("Disputed", "disputed_at", .moment), Shown("Dispute", "dispute_reason"),
            Shown("Promised to pay on", "promise_to_pay_on", .day), Shown("Written off", "written_off_at", .moment),
        ],
        tables: [
            Table(
                title: "Payments", related: .init("payments", by: "invoice_id"), leadsTo: "payments",
                empty: "Nothing has been paid yet.",
                columns: [
                    Shown("Reference", .made { record, _ in record.text("external_reference") ?? "No reference" }),
                    Shown("Received", "received_on", .day), Shown("Method", "method", .word),
                    Shown("State", .badges(paymentState)), Shown("Amount", "amount_cents", .money),
                ]),
            Table(
                title: "Credit notes", related: .init("credit-notes", by: "invoice_id"), isQuiet: true, empty: "None.",
                columns: [
                    Shown("Number", "number"), Shown("Issued", "issued_on", .day), Shown("Reason", "reason", .word),
                    Shown("Amount", "amount_cents", .money),
                ]), files("invoice"),
        ],
        usual: ["record_payment": ["amount": .cents("amount_due_cents")]],
        document: Document(
            field: "pdf_file_id", path: "/pdf", label: "Download PDF",
            waiting: "The PDF is not made yet. Its job does it soon; it then shows here by itself."),
        empty: "They are issued by themselves when an order's goods are collected. For a demo: drizzl seed.")

    /// What has been paid (A-06); recorded on invoices.
    static let payments = RecordKind(
        resource: "payments", machine: nil, noun: "payment", title: "Payments", name: paymentName,
        about: "Money that has arrived, and what it was counted for", icon: "credit-card", group: "Commerce",
        sort: "-recorded_at",
        filters: [
            Filter(field: "state", label: "State", choices: ["pending", "succeeded", "failed"])
        ],
        columns: [
            Shown("Partner", "partner_name", .link(to: "partners", by: "partner_id")),
            Shown("Invoice", "invoice_number", .link(to: "invoices", by: "invoice_id")),
            Shown("Received", "received_on", .day), Shown("Method", "method", .word),
            Shown("State", .badges(paymentState)), Shown("Unapplied", "unapplied_cents", .money),
            Shown("Amount", "amount_cents", .money, sort: true),
        ],
        marks: { record, _ in paymentState(record) },
        subtitle: Shown("Partner", "partner_name", .link(to: "partners", by: "partner_id")),
        sum: Sum(
            title: "Amount", total: Shown("Amount", "amount_cents", .money), totalLabel: "Received",
            amounts: [Amount(label: "Not counted for any invoice yet", field: "unapplied_cents", isAlways: true)]),
        facts: [
            Shown("Reference", "external_reference"), Shown("Received", "received_on", .day),
            Shown("Method", "method", .word),
            Shown("Invoice", "invoice_number", .link(to: "invoices", by: "invoice_id")),
            Shown("Order", "order_number", .link(to: "orders", by: "order_id")),
            Shown("Recorded", "recorded_at", .moment), Shown("Taken back because", "reversed_because", .word),
        ],
        tables: [
            Table(
                title: "Counted for", part: "allocations",
                empty: "It was not counted for any invoice: it is the partner's credit.",
                columns: [
                    Shown("Invoice", "invoice_number", .link(to: "invoices", by: "invoice_id")),
                    Shown("For", "kind", .word), Shown("Amount", "amount_cents", .money),
                ])
        ],
        hearsToo: ["invoice", "order_payment"],
        empty: "Payments are recorded on their invoice.")

    private static let paymentName = Shown(
        "Reference", .made { record, _ in record.text("external_reference") ?? "Payment without a reference" })

    @Sendable private static func paymentState(_ record: StoredRecord) -> [Badge] {
        if record.text("reversed_because") != nil { return [Badge("Taken back", .error)] }
        switch record.text("state") {
        case "succeeded": return [Badge("Received", .success)]
        case "failed": return [Badge("Failed", .error)]
        default: return [Badge("Pending", .warning)]
        }
    }

    private static func terms(_ word: String) -> String { PaymentTerms(rawValue: word)?.printed ?? word }

    @Sendable private static func daysOverdue(_ record: StoredRecord, _ looks: Looks) -> String? {
        guard let due = record.day("due_date"), record.integer("amount_due_cents") ?? 0 > 0, due < looks.today,
            record.text("status") != "cancelled"
        else { return nil }
        let days = looks.today.daysSince1970 - due.daysSince1970
        return "\(days) \(days == 1 ? "day" : "days")"
    }

    /// What reps earn, and who has to approve it (A-12).
    static let commissions = RecordKind(
        resource: "commissions", machine: "commission", noun: "commission", title: "Commissions",
        name: Shown("Earned on", .made(earnedOn)), about: "What reps earn, to be approved or rejected",
        icon: "circle-check", group: "People", sort: "-period_start",
        chips: [Chip(label: "To approve", query: ["waits_for_approval": "true"])],
        filters: [
            Filter(field: "sales_rep_id", label: "Sales rep", source: .reps),
            Filter(
                field: "type", label: "Type",
                choices: ["new_partner", "order", "renewal", "upsell", "quota_bonus", "clawback", "adjustment"]),
        ],
        columns: [
            Shown("Rep", "sales_rep_name"), Shown("Base", "base_value_cents", .money),
            Shown("Rate", "rate_bp", .share), Shown("Amount", "amount_cents", .money, sort: true),
            Shown("Status", "status", .state("commission")), Shown("Ready for", .made(readyFor)),
        ],
        marks: { record, _ in record.text("reversed_at") == nil ? [] : [Badge("Rejected", .error)] },
        subtitle: Shown("Rep", "sales_rep_name"),
        sum: Sum(
            title: "Amount", total: Shown("Amount", "amount_cents", .money), totalLabel: "Earned",
            amounts: [Amount(label: "Counted from", field: "base_value_cents", isAlways: true)]),
        facts: [
            Shown("Rep", "sales_rep_name"), Shown("Type", "type", .word), Shown("Rate", "rate_bp", .share),
            Shown("Share", "share_bp", .share), Shown("Order", "order_number", .link(to: "orders", by: "order_id")),
            Shown("Payout", "payout_period", .link(to: "payouts", by: "payout_id")),
            Shown("Period from", "period_start", .day), Shown("Period to", "period_end", .day),
            Shown("Reason", "reason"), Shown("Ready since", "approvable_at", .moment),
            Shown("Approved", "approved_at", .moment), Shown("Paid", "paid_at", .moment),
            Shown("Rejected", "reversed_at", .moment), Shown("Rejected because", "reversal_reason"),
        ],
        rowMoves: ["approve"], bulkMoves: ["approve", "reverse"],
        making: Making(
            button: "New adjustment", needs: .approveCommissions,
            inputs: ["type", "sales_rep", "amount_cents", "reason"],
            sources: ["sales_rep": .reps]),
        errand: run,
        empty: "They are earned when orders are confirmed, partners join and deals are won.")

    /// For how long somebody could have approved it.
    @Sendable private static func readyFor(_ record: StoredRecord, _ looks: Looks) -> String? {
        guard record.isTrue("waits_for_approval"), let since = record.moment("approvable_at") else { return nil }
        let days = Int(looks.now.timeIntervalSince(since) / 86_400)
        return days < 1 ? "today" : "\(days) \(days == 1 ? "day" : "days")"
    }

    @Sendable private static func earnedOn(_ record: StoredRecord, _ looks: Looks) -> String? {
        if let name = record.text("reference_name") { return name }
        return Words.spelled(record.text("reference_type") ?? record.text("type") ?? "commission")
    }
}
