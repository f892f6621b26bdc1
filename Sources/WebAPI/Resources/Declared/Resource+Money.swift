import Accounts
import Database

extension Resource {
    /// Invoices and what is paid, refunded and credited (D-15, D-34).
    static func money(_ states: (String) -> [String]) -> [Resource] {
        [
            Resource(
                "invoices", "invoice", .invoices, tag: "Money", machine: ("invoice", "status"),
                standing(states: states("invoice")) + times + [
                    Column("invoice_number", .line, .search), Column("partner_id", .id, .filter), .partnerName,
                    Column("order_id", .id, .filter), .orderNumber,
                    Column("subtotal_cents", .cents), Column("tax_cents", .cents), Column("shipping_cents", .cents),
                    Column("total_cents", .cents, .sort, .range), Column("amount_paid_cents", .cents),
                    Column("credited_cents", .cents), Column("late_fee_cents", .cents),
                    Column("amount_due_cents", .cents, .sort, .range),
                    Column("is_partly_paid", .boolean, sql: "(t.amount_paid_cents > 0 AND t.amount_due_cents > 0)"),
                    Column("payment_terms", .terms), Column("issued_on", .day, .sort, .range),
                    Column("due_date", .day, .sort, .range), Column("paid_at", .moment, .null),
                    Column("disputed_at", .moment, .null), Column("dispute_reason", .text(), .null),
                    Column("promise_to_pay_on", .day, .null), Column("written_off_at", .moment, .null, to: .admins),
                    Column("dunning_block", .boolean, to: .admins), Column("pdf_file_id", .id, .null),
                    Column("late_fee_applied", .boolean),
                ]),
            Resource(
                "payments", "payment", .payments, tag: "Money",
                [
                    Column("partner_id", .id, .null, .filter), .partnerName,
                    Column("customer_id", .id, .null, .filter),
                    Column("invoice_id", .id, .null, .filter), .invoiceNumber,
                    Column("order_id", .id, .null, .filter), .orderNumber,
                    Column("amount_cents", .cents, .sort, .range), Column("unapplied_cents", .cents),
                    Column("method", .text(), .null, .filter), Column("external_reference", .text(), .null, .search),
                    Column("state", .choice(["pending", "succeeded", "failed"]), .filter),
                    Column("received_on", .day, .null, .range), Column("reversed_because", .text(), .null),
                    Column("recorded_by_kind", .actorKind, to: .admins), Column("recorded_by", .id, .null, to: .admins),
                    Column("recorded_at", .moment, .sort, .range),
                    Column("allocations", .list(of: allocation), sql: allocations),
                ]),
            Resource(
                "refunds", "refund", .refunds, tag: "Money",
                [
                    Column("payment_id", .id, .filter), Column("order_id", .id, .filter),
                    Column("amount_cents", .cents, .sort), Column("reason", .text()),
                    Column("state", .choice(["pending", "succeeded", "failed"]), .filter),
                    Column("external_reference", .text(), .null), Column("recorded_at", .moment, .sort, .range),
                ]),
            Resource(
                "credit-notes", "credit note", .creditNotes, tag: "Money",
                [
                    Column("number", .line, .search), Column("invoice_id", .id, .filter),
                    Column(
                        "reason", .choice(["short_shipment", "return", "temperature", "price", "goodwill"]), .filter),
                    Column("note", .text(), .null), Column("amount_cents", .cents, .sort),
                    Column("applied_cents", .cents),
                    Column("issued_on", .day, .sort, .range), Column("created_at", .moment, .sort, .range),
                ]),
        ]
    }

    private static let allocation = Schema.named(
        "PaymentAllocation",
        .object([
            .init("invoice_id", .id), .init("invoice_number", .optional(.text())),
            .init("kind", .choice(["principal", "fee"])), .init("amount_cents", .cents),
        ]))
    private static let allocations: SQL = """
        (SELECT coalesce(json_agg(json_build_object('invoice_id', a.invoice_id, 'invoice_number',
            (SELECT i.invoice_number FROM invoices i WHERE i.id = a.invoice_id), 'kind', a.kind,
            'amount_cents', a.amount_cents) ORDER BY a.invoice_id, a.kind, a.fee_number), '[]')
         FROM payment_allocations a WHERE a.payment_id = t.id)
        """

    /// What people call what a commission is earned on.
    private static let earnedOn: SQL = """
        (CASE t.reference_type
            WHEN 'order' THEN (SELECT o.order_number FROM orders o WHERE o.id = t.reference_id)
            WHEN 'partner' THEN (SELECT p.business_name FROM partners p WHERE p.id = t.reference_id)
            WHEN 'deal' THEN (SELECT d.name FROM deals d WHERE d.id = t.reference_id)
            WHEN 'credit_note' THEN (SELECT c.number FROM credit_notes c WHERE c.id = t.reference_id)
         END)
        """

    /// What reps earn, are paid and are asked for (D-10, D-33).
    static func pay(_ states: (String) -> [String]) -> [Resource] {
        [
            Resource(
                "commissions", "commission", .commissions, tag: "Pay", machine: ("commission", "status"),
                audience: .company, creation: .move,
                standing(states: states("commission")) + times + [
                    Column("sales_rep_id", .id, .filter), .repName,
                    Column(
                        "type",
                        .choice([
                            "new_partner", "order", "renewal", "upsell", "quota_bonus", "clawback", "adjustment",
                        ]), .filter),
                    Column("reference_type", .text(), .null), Column("reference_id", .id, .null, .filter),
                    Column("reference_name", .text(), .null, sql: earnedOn),
                    Column("order_id", .id, .null, .filter), .orderNumber, Column("reversal_of", .id, .null),
                    Column("share_bp", .count), Column("amount_cents", .cents, .sort, .range),
                    Column("rate_bp", .count),
                    Column("base_value_cents", .cents), Column("reason", .text(), .null),
                    Column("approvable_at", .moment, .null, .range),
                    Column(
                        "waits_for_approval", .boolean, .filter,
                        sql: "(t.status = 'pending' AND t.approvable_at IS NOT NULL AND t.reversed_at IS NULL)"),
                    Column("approved_by", .id, .null),
                    Column("approved_at", .moment, .null), Column("reversed_at", .moment, .null),
                    Column("reversal_reason", .text(), .null), Column("payout_id", .id, .null, .filter),
                    Column(
                        "payout_period", .text(), .null,
                        sql: "(SELECT to_char(p.period, 'YYYY-MM') FROM payouts p WHERE p.id = t.payout_id)"),
                    Column("paid_at", .moment, .null), Column("period_start", .day, .sort, .range),
                    Column("period_end", .day, .sort),
                ]),
            Resource(
                "payouts", "payout", .payouts, tag: "Pay", audience: .company,
                times + [
                    Column("sales_rep_id", .id, .filter), .repName, Column("period", .day, .sort, .range),
                    Column("pay_on", .day, .sort),
                    Column("amount_cents", .cents, .sort), Column("carried_in_cents", .cents),
                    Column("carried_forward_cents", .cents), Column("status", .choice(["draft", "paid"]), .filter),
                    Column("statement_file_id", .id, .null), Column("paid_at", .moment, .null),
                ]),
            Resource(
                "quotas", "quota", .quotaPeriods, tag: "Pay", audience: .company,
                creation: .row(.admins, needs: .manageReps), editing: (.admins, .manageReps),
                times + [
                    Column("sales_rep_id", .id, .filter, .create, .required, parent: .salesReps),
                    Column("period_kind", .choice(["month", "quarter"]), .filter, .create, .required),
                    Column("period_start", .day, .sort, .range, .create, .required),
                    Column("amount_cents", .integer(0...1_000_000_000_000), .sort, .edit, .required),
                    Column("closed_at", .moment, .null),
                ]),
        ]
    }
}
