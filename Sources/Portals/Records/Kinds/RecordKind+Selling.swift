import Accounts
import Foundation
import StateMachines
import WebAPI

extension RecordKind {
    /// Leads, to the company.
    static let leads = lead(portal: .admin)
    /// Deals, to the company.
    static let deals = deal(portal: .admin)

    /// Leads, in a portal.
    static func lead(portal: Visitor.Kind) -> RecordKind {
        RecordKind(
            resource: "leads", machine: "lead", portal: portal, noun: "lead", title: "Leads",
            name: Shown("Company", "company_name"), about: "Who may become a partner", icon: "users", group: "People",
            sort: "-lead_score",
            columns: [
                Shown("Contact", "contact_name"), Shown("Status", "status", .state("lead")),
                Shown("Score", "lead_score", .number, sort: true), Shown("Value", "estimated_value_cents", .money),
            ] + (portal == .admin ? [Shown("Rep", "sales_rep_name")] : [])
                + [Shown("In this stage", .made(age)), Shown("Next", "next_action")],
            subtitle: Shown("Contact", "contact_name"),
            facts: [
                Shown("Contact", "contact_name"), Shown("Title", "contact_title"), Shown("Phone", "phone"),
                Shown("E-mail", "email"), Shown("City", "city"), Shown("Business", "business_type", .word),
                Shown("Source", "source", .word), Shown("Rep", "sales_rep_name"),
                Shown("Score", "lead_score", .number), Shown("Estimated value", "estimated_value_cents", .money),
                Shown("Expected to close", "expected_close_date", .day), Shown("Next action", "next_action"),
                Shown("Next action at", "next_action_at", .moment), Shown("Last contact", "last_contact_at", .moment),
                Shown("Budget", "budget", .word), Shown("Authority", "authority", .word), Shown("Need", "need", .word),
                Shown("Timeline", "timeline", .word), Shown("Lost because", "lost_reason", .word),
            ],
            tables: [
                Table(
                    title: "Deals", related: .init("deals", by: "lead_id"), leadsTo: "deals",
                    empty: "None yet: qualify the lead to begin one.",
                    columns: [
                        Shown("Deal", "name"), Shown("Stage", "stage", .state("deal")),
                        Shown("Value", "value_cents", .money),
                    ]),
                Table(
                    title: "Activities", related: .init("activities", by: "lead_id", limit: 10), leadsTo: "activities",
                    empty: "Nothing was noted yet.",
                    columns: [
                        Shown("Subject", "subject"), Shown("Type", "type", .word),
                        Shown("State", "status", .state("activity")), Shown("When", "scheduled_at", .moment),
                    ]),
            ],
            edits: [
                Edit(field: "contact_name", label: "Contact", type: .text),
                Edit(field: "phone", label: "Phone", type: .text), Edit(field: "email", label: "E-mail", type: .text),
                Edit(field: "next_action", label: "Next action", type: .text),
                Edit(field: "next_action_at", label: "Next action at", type: .time),
                Edit(field: "estimated_value_cents", label: "Estimated value", type: .money),
            ],
            making: Making(
                button: "New lead", needs: .manageLeads,
                inputs: [
                    "company_name", "contact_name", "phone", "email", "business_type", "city", "state", "source",
                    "estimated_value_cents",
                ] + (portal == .admin ? ["sales_rep"] : []), sources: ["sales_rep": .reps]),
            empty: "Begin with a business that could sell our products.")
    }

    /// Deals, in a portal.
    static func deal(portal: Visitor.Kind) -> RecordKind {
        RecordKind(
            resource: "deals", machine: "deal", portal: portal, noun: "deal", title: "Deals",
            name: Shown("Deal", "name"), about: "What is being negotiated", icon: "briefcase", group: "People",
            sort: "expected_close_date",
            columns: [
                Shown("Stage", "stage", .state("deal")), Shown("Value", "value_cents", .money, sort: true),
                Shown("Probability", .made { record, _ in record.integer("probability").map { "\($0)%" } }),
            ] + (portal == .admin ? [Shown("Rep", "sales_rep_name")] : [])
                + [Shown("In this stage", .made(age)), Shown("Closes", "expected_close_date", .day, sort: true)],
            subtitle: Shown("Partner", "partner_name", .link(to: "partners", by: "partner_id")),
            sum: Sum(
                title: "Value", total: Shown("Value", "value_cents", .money), totalLabel: "Value",
                hint: Shown("expected to close", "expected_close_date", .day), amounts: []),
            facts: [
                Shown("Kind", "kind", .word), Shown("Rep", "sales_rep_name"),
                Shown("Partner", "partner_name", .link(to: "partners", by: "partner_id")),
                Shown("Probability", .made { record, _ in record.integer("probability").map { "\($0)%" } }),
                Shown("Expected to close", "expected_close_date", .day),
                Shown("Closed", "actual_close_date", .day), Shown("Won because", "won_reason"),
                Shown("Lost because", "lost_reason", .word), Shown("Details", "lost_details"),
            ],
            tables: [
                Table(
                    title: "Proposals", related: .init("proposals", by: "deal_id"),
                    leadsTo: "proposals", empty: "None yet.",
                    columns: [
                        Shown("Version", .made { record, _ in record.integer("version").map { "Version \($0)" } }),
                        Shown("State", "status", .state("proposal")),
                        Shown("Tier", "tier", .word), Shown("Valid until", "valid_until", .day),
                    ])
            ],
            edits: [
                Edit(field: "value_cents", label: "Value", type: .money),
                Edit(field: "expected_close_date", label: "Expected to close", type: .date),
            ],
            hearsToo: ["proposal"], empty: "A deal begins when a lead is qualified.")
    }
}
