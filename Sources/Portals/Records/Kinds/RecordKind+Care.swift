import Accounts
import Foundation
import StateMachines
import WebAPI

/// What the company looks after for partners: their questions, and what is connected to their own systems.
extension RecordKind {
    /// What partners ask for help with.
    static let tickets = RecordKind(
        resource: "tickets", machine: "ticket", noun: "ticket", title: "Tickets", name: Shown("Number", "number"),
        about: "What partners ask for help with", icon: "circle-help", group: "Talk", sort: "status_since",
        filters: [
            Filter(
                field: "category", label: "Category",
                choices: ["order", "invoice", "delivery", "product", "account", "other"]),
            Filter(field: "assignee_id", label: "Assignee", source: .admins),
        ],
        columns: [
            Shown("Subject", "subject"), Shown("Partner", "partner_name", .link(to: "partners", by: "partner_id")),
            Shown("Category", "category", .word), Shown("Status", "status", .state("ticket")),
            Shown("Waits", .made(age)), Shown("Assignee", "assignee_name"),
        ],
        subtitle: Shown("Subject", "subject"),
        facts: [
            Shown("Subject", "subject"), Shown("Partner", "partner_name", .link(to: "partners", by: "partner_id")),
            Shown("Category", "category", .word), Shown("Assignee", "assignee_name"),
            Shown("Opened", "created_at", .moment), Shown("Last change", "status_since", .moment),
        ],
        tables: [files("ticket")],
        edits: [
            Edit(field: "assignee_id", label: "Assignee", type: .reference, source: .admins),
            Edit(
                field: "category", label: "Category",
                type: .choice(["order", "invoice", "delivery", "product", "account", "other"])),
        ],
        empty: "Partners open them in their portal.")

    /// What is connected to partners' own systems.
    static let integrations = RecordKind(
        resource: "integrations", machine: "integration", noun: "integration", title: "Integrations",
        name: Shown("System", "platform_name"),
        about: "What is connected to partners' own systems, and whether it works",
        icon: "zap", group: "System", sort: "-status",
        filters: [
            Filter(
                field: "platform", label: "Platform", choices: ["square", "clover", "quickbooks", "shopify", "other"])
        ],
        columns: [
            Shown("Partner", "partner_name", .link(to: "partners", by: "partner_id")),
            Shown("Platform", "platform", .word), Shown("Status", "status", .state("integration")),
            Shown("Failures", "consecutive_failures", .number), Shown("Last sync", "last_sync_at", .moment),
            Shown("Next sync", "next_sync_at", .moment),
        ],
        subtitle: Shown("Partner", "partner_name", .link(to: "partners", by: "partner_id")),
        facts: [
            Shown("Platform", "platform", .word), Shown("Failures in a row", "consecutive_failures", .number),
            Shown("Last sync", "last_sync_at", .moment), Shown("Next sync", "next_sync_at", .moment),
            Shown("Access ends", "expires_at", .moment), Shown("How often", "sync_frequency", .word),
            Shown("Is on", "sync_enabled", .flag), Shown("Sales", "sync_sales", .flag),
            Shown("Inventory", "sync_inventory", .flag), Shown("Products", "sync_products", .flag),
            Shown("Customers", "sync_customers", .flag), Shown("Connected", "created_at", .moment),
        ],
        tables: [
            Table(
                title: "Last syncs", related: .init("sync-logs", by: "integration_id", sort: "-synced_at", limit: 10),
                empty: "Nothing was exchanged yet.",
                columns: [
                    Shown("At", "synced_at", .moment), Shown("What", "sync_type", .word),
                    Shown(
                        "Result",
                        .badges { log in
                            let status = log.text("status") ?? ""
                            let tone: Badge.Tone =
                                status == "success" ? .success : status == "error" ? .error : .warning
                            return [Badge(Words.spelled(status), tone)]
                        }), Shown("Taken over", "records_synced", .number), Shown("Failed", "records_failed", .number),
                    Shown("Error", "error_message"),
                ])
        ],
        edits: [
            Edit(field: "sync_enabled", label: "Is on", type: .boolean),
            Edit(field: "sync_frequency", label: "How often", type: .choice(["realtime", "hourly", "daily"])),
        ],
        empty: "Partners connect their till, books or shop in their portal.")

    /// The files of a record, each of which can be had, with the form to send one more.
    static func files(_ noun: String) -> Table {
        Table(
            title: "Files", related: .init("files", by: "record_id", sort: "-created_at"), adds: .file,
            empty: "No file belongs to this \(noun) yet.",
            columns: [
                Shown("File", "name"), Shown("Kind", "mime"), Shown("Size", .made(size)),
                Shown("Sent", "created_at", .moment),
            ])
    }

    @Sendable private static func size(_ file: StoredRecord, _ looks: Looks) -> String? {
        guard let bytes = file.integer("size_bytes") else { return nil }
        if bytes < 1_000 { return "\(bytes) bytes" }
        return bytes < 1_000_000 ? "\(bytes / 1_000) KB" : "\(bytes / 1_000_000).\(bytes / 100_000 % 10) MB"
    }
}
