import Accounts
import Database

extension Resource {
    /// Leads, deals, proposals and activities (D-04…D-06, D-31).
    static func selling(_ states: (String) -> [String]) -> [Resource] {
        [lead(states("lead")), deal(states("deal")), proposal(states("proposal")), activity(states("activity"))]
    }

    private static func lead(_ states: [String]) -> Resource {
        Resource(
            "leads", "lead", .leads, tag: "Selling", machine: ("lead", "status"), audience: .company, creation: .move,
            editing: (.company, .manageLeads), consequences: [.leadScore, .leadAssigned],
            standing(states: states) + times + [
                Column("company_name", .line, .search, .sort, .edit),
                Column("business_type", .businessType, .null, .filter, .edit),
                Column("industry", .text(), .null, .edit), Column("contact_name", .text(), .null, .search, .edit),
                Column("contact_title", .text(), .null, .edit), Column("email", .address, .null, .search, .edit),
                Column("phone", .text(), .null, .edit), Column("website", .text(), .null, .edit),
                Column("email_tracking", .boolean, .edit), Column("address", .text(), .null, .edit),
                Column("city", .text(), .null, .search, .edit),
                Column("state", .stateCode, .null, .filter, .edit), Column("zip_code", .text(), .null, .edit),
                Column("latitude", .number, .null, .edit), Column("longitude", .number, .null, .edit),
                Column(
                    "source",
                    .choice(["website", "referral", "cold_call", "trade_show", "linkedin", "email_campaign"]), .filter,
                    .edit),
                Column("source_details", .text(), .null, .edit),
                Column("sales_rep_id", .id, .null, .filter, .adminEdit, parent: .salesReps), .repName,
                Column("deal_id", .id, .null, sql: "(SELECT d.id FROM deals d WHERE d.lead_id = t.id)"),
                Column("lead_score", .count, .sort, .range), Column("score_factors", .map),
                Column("estimated_value_cents", .cents, .null, .range, .edit),
                Column("estimated_units", .count, .null, .edit), Column("probability", .count, .sort),
                Column("probability_manual", .integer(0...100), .null, .edit),
                Column("expected_close_date", .day, .null, .range, .edit),
                Column("products_interested", .list(of: .id), .edit),
                Column("budget", .choice(["confirmed", "estimated", "unknown"]), .null, .filter, .edit),
                Column("authority", .choice(["decision_maker", "influencer", "gatekeeper"]), .null, .filter, .edit),
                Column("need", .choice(["urgent", "medium", "exploring"]), .null, .filter, .edit),
                Column("timeline", .choice(["immediate", "30_days", "90_days", "long_term"]), .null, .filter, .edit),
                Column("budget_detail", .text(), .null, .edit), Column("authority_detail", .text(), .null, .edit),
                Column("need_detail", .text(), .null, .edit), Column("timeline_detail", .text(), .null, .edit),
                Column("competitors", .words, .edit), Column("next_action", .text(), .null, .edit),
                Column("next_action_at", .moment, .null, .range, .edit),
                Column("last_contact_at", .moment, .null, .range),
                Column("converted_to_partner_id", .id, .null, .filter), Column("converted_at", .moment, .null),
                Column("lost_reason", .lostReason, .null, .filter), Column("lost_details", .text(), .null),
            ])
    }

    private static func deal(_ stages: [String]) -> Resource {
        Resource(
            "deals", "deal", .deals, tag: "Selling", machine: ("deal", "stage"), audience: .company, creation: .move,
            editing: (.company, .manageLeads),
            standing("stage", states: stages) + times + [
                Column("name", .line, .search, .sort, .edit),
                Column("kind", .choice(["new_business", "upsell", "renewal"]), .filter),
                Column("value_cents", .integer(0...1_000_000_000_000), .sort, .range, .edit),
                Column("probability", .count, .sort), Column("probability_manual", .integer(0...100), .null, .edit),
                Column("expected_close_date", .day, .sort, .range, .edit),
                Column("actual_close_date", .day, .null, .range),
                Column("sales_rep_id", .id, .filter, .adminEdit, parent: .salesReps), .repName,
                Column("lead_id", .id, .null, .filter), Column("partner_id", .id, .null, .filter), .partnerName,
                Column("products_interested", .list(of: .id), .edit),
                Column("estimated_monthly_order_cents", .cents, .null, .edit), Column("is_qualified", .boolean),
                Column("is_demo_completed", .boolean), Column("is_proposal_sent", .boolean),
                Column("won_reason", .text(), .null), Column("lost_reason", .lostReason, .null, .filter),
                Column("lost_details", .text(), .null),
                // A rep's pay is the rep's own and the company's, and not the manager's.
                Column(
                    "commission_amount_cents", .cents, .null,
                    when: "(SELECT visitor.kind()) = 'admin' OR t.sales_rep_id = (SELECT visitor.id())"),
                Column(
                    "commission_paid", .boolean,
                    when: "(SELECT visitor.kind()) = 'admin' OR t.sales_rep_id = (SELECT visitor.id())"),
            ])
    }

    private static func proposal(_ states: [String]) -> Resource {
        Resource(
            "proposals", "proposal", .proposals, tag: "Selling", machine: ("proposal", "status"), audience: .company,
            creation: .move,
            standing(states: states) + times + [
                Column("lead_id", .id, .null, .filter), .leadName, Column("deal_id", .id, .null, .filter),
                Column("partner_id", .id, .null, .filter), .partnerName, Column("sales_rep_id", .id, .filter),
                .repName, Column("version", .count), Column("tier", .tier, .filter), Column("discount_bp", .count),
                Column("monthly_units", .count), Column("contract_months", .count), Column("payment_terms", .terms),
                Column("special_terms", .text(), .null), Column("valid_until", .day, .sort, .range),
                Column("pdf_file_id", .id, .null), Column("sent_at", .moment, .null),
                Column("viewed_at", .moment, .null),
                Column("decided_at", .moment, .null), Column("signed_name", .text(), .null),
                Column("signed_at", .moment, .null), Column("signed_address", .text(), .null),
                Column(
                    "items",
                    .list(
                        of: .object([
                            .init("line_no", .count), .init("product_id", .id),
                            .init("product_name", .optional(.text())), .init("unit_price_cents", .cents),
                            .init("monthly_units", .optional(.count)), .init("quantity_breaks", .anything),
                        ])),
                    sql: """
                        (SELECT coalesce(json_agg(json_build_object('line_no', i.line_no, 'product_id', i.product_id,
                            'product_name', (SELECT p.name FROM products p WHERE p.id = i.product_id),
                            'unit_price_cents', i.unit_price_cents, 'monthly_units', i.monthly_units,
                            'quantity_breaks', i.quantity_breaks) ORDER BY i.line_no), '[]')
                         FROM proposal_items i WHERE i.proposal_id = t.id)
                        """),
            ])
    }

    private static func activity(_ states: [String]) -> Resource {
        Resource(
            "activities", "activity", .salesActivities, tag: "Selling", machine: ("activity", "status"),
            audience: .company, creation: .move, editing: (.company, .manageLeads),
            standing(states: states) + times + [
                Column(
                    "type", .choice(["call", "email", "meeting", "demo", "proposal", "note", "task"]), .filter, .sort),
                Column("subject", .line, .search, .edit), Column("description", .text(0...10_000), .null, .edit),
                Column("outcome", .choice(["positive", "neutral", "negative", "no_answer"]), .null, .filter),
                Column("outcome_note", .text(), .null),
                Column(
                    "call_result",
                    .choice([
                        "no_answer", "left_voicemail", "spoke_positive", "spoke_neutral", "spoke_negative",
                        "schedule_callback",
                    ]), .null, .edit),
                Column("sales_rep_id", .id, .filter), .repName, Column("lead_id", .id, .null, .filter), .leadName,
                Column("partner_id", .id, .null, .filter), .partnerName, Column("proposal_id", .id, .null, .filter),
                Column("is_personal", .boolean), Column("scheduled_at", .moment, .null, .range),
                Column("completed_at", .moment, .null, .range), Column("duration_minutes", .count, .null),
                Column("version", .count), Column("follow_up_required", .boolean, .filter, .edit),
                Column("follow_up_at", .moment, .null, .range, .edit), Column("follow_up_note", .text(), .null, .edit),
                Column("location", .text(), .null, .edit), Column("latitude", .number, .null, .edit),
                Column("longitude", .number, .null, .edit),
                Column("meeting_kind", .choice(["phone", "in_person", "video"]), .null, .edit),
                Column("agenda", .words, .edit), Column("ics_uid", .text(), .null), Column("ics_sequence", .count),
                Column("email_sent", .boolean), Column("email_opened", .boolean), Column("email_clicked", .boolean),
                Column("outbound_email_id", .id, .null),
            ])
    }
}
