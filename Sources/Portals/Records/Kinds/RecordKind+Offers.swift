import Accounts
import Foundation
import StateMachines
import WebAPI

/// What reps do to sell: offers, calls, meetings.
extension RecordKind {
    /// Versions of offers to leads and partners.
    static let proposals = RecordKind(
        resource: "proposals", machine: "proposal", noun: "proposal", title: "Proposals", name: proposalName,
        about: "What was offered to whom, and what became of it", icon: "file-text", group: "People", sort: "-id",
        filters: [
            Filter(field: "sales_rep_id", label: "Sales rep", source: .reps),
            Filter(field: "tier", label: "Tier", choices: ["starter", "growth", "enterprise"]),
        ],
        columns: [
            Shown("Version", "version", .number), Shown("Rep", "sales_rep_name"), Shown("Tier", "tier", .word),
            Shown("Units a month", "monthly_units", .number), Shown("Status", "status", .state("proposal")),
            Shown("Sent", "sent_at", .moment), Shown("Valid until", "valid_until", .day, sort: true),
        ],
        subtitle: Shown("Rep", "sales_rep_name"),
        facts: [
            Shown("Lead", "lead_name", .link(to: "leads", by: "lead_id")),
            Shown("Partner", "partner_name", .link(to: "partners", by: "partner_id")), Shown("Rep", "sales_rep_name"),
            Shown("Version", "version", .number), Shown("Tier", "tier", .word),
            Shown("Discount", "discount_bp", .share),
            Shown("Units a month", "monthly_units", .number), Shown("Months", "contract_months", .number),
            Shown("Terms", "payment_terms"), Shown("Special terms", "special_terms"),
            Shown("Valid until", "valid_until", .day), Shown("Sent", "sent_at", .moment),
            Shown("Opened", "viewed_at", .moment), Shown("Decided", "decided_at", .moment),
            Shown("Signed by", "signed_name"),
        ],
        tables: [
            Table(
                title: "Lines", part: "items", empty: "It has no lines.",
                columns: [
                    Shown("Product", "product_name"), Shown("Unit price", "unit_price_cents", .money),
                    Shown("Units a month", "monthly_units", .number),
                ]), files("proposal"),
        ],
        hearsToo: ["deal"], empty: "Reps draft them for their deals.")

    /// What reps do with leads and partners.
    static let activities = RecordKind(
        resource: "activities", machine: "activity", noun: "activity", title: "Activities",
        name: Shown("Subject", "subject"), about: "Calls, meetings and tasks of the reps", icon: "activity",
        group: "People", sort: "-id",
        filters: [
            Filter(field: "sales_rep_id", label: "Sales rep", source: .reps),
            Filter(
                field: "type", label: "Type",
                choices: ["call", "email", "meeting", "demo", "proposal", "note", "task"]),
        ],
        columns: [
            Shown("Type", "type", .word), Shown("Rep", "sales_rep_name"),
            Shown("Lead", "lead_name", .link(to: "leads", by: "lead_id")),
            Shown("Partner", "partner_name", .link(to: "partners", by: "partner_id")),
            Shown("Status", "status", .state("activity")), Shown("Planned", "scheduled_at", .moment),
            Shown("Outcome", "outcome", .word),
        ],
        subtitle: Shown("Rep", "sales_rep_name"),
        facts: [
            Shown("Type", "type", .word), Shown("Rep", "sales_rep_name"),
            Shown("Lead", "lead_name", .link(to: "leads", by: "lead_id")),
            Shown("Partner", "partner_name", .link(to: "partners", by: "partner_id")),
            Shown("What", "description"), Shown("Planned", "scheduled_at", .moment),
            Shown("Done", "completed_at", .moment), Shown("Minutes", "duration_minutes", .number),
            Shown("Outcome", "outcome", .word), Shown("Note", "outcome_note"), Shown("Place", "location"),
            Shown("Follow up at", "follow_up_at", .moment), Shown("Follow up", "follow_up_note"),
            Shown("Noted", "created_at", .moment),
        ],
        edits: [
            Edit(field: "subject", label: "Subject", type: .text), Edit(field: "location", label: "Place", type: .text),
            Edit(field: "follow_up_at", label: "Follow up at", type: .time),
            Edit(field: "follow_up_note", label: "Follow up", type: .text),
        ],
        hearsToo: ["lead"], empty: "They are noted with leads and partners, by reps and by the lifecycles.")

    private static let proposalName = Shown(
        "Offered to", .made { record, _ in record.text("lead_name") ?? record.text("partner_name") ?? "Proposal" })
}
