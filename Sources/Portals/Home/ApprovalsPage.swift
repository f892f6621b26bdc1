import Accounts
import enum Documents.TemplateValue
import Foundation
import HTTPTypes
import Hummingbird
import StateMachines
import WebAPI

/// Everything that waits for somebody of the company to decide: applications, commissions, held orders, excursions.
struct ApprovalsPage: Page {
    static let template = "approvals"

    /// What waits, of one kind.
    struct Queue: Sendable {
        let kind: RecordKind
        /// What it is called here.
        let title: String
        /// Which records wait.
        let query: [String: String]
        let empty: String

        static let all = [
            Queue(
                kind: .applications, title: "Applications", query: [:], empty: "No business waits to become a partner."),
            Queue(
                kind: .commissions, title: "Commissions", query: ["waits_for_approval": "true"],
                empty: "No commission waits to be approved."),
            Queue(kind: .orders, title: "Orders on hold", query: ["is_held": "true"], empty: "No order is held."),
            Queue(
                kind: .shipments, title: "Too warm on the way", query: ["quality_hold": "true"],
                empty: "No shipment waits for a decision on its quality."),
        ]

        /// The list that has all of them.
        var address: String { Address.text(kind.root, query) }
    }

    /// How many of each are shown.
    static let most = 5

    let waiting: [(queue: Queue, count: Int, records: [StoredRecord])]
    let looks: Looks

    var title: String { "Approvals" }

    var values: PageValues {
        [
            "is_clear": .flag(waiting.allSatisfy { $0.count == 0 }),
            "subjects": .text(Set(waiting.flatMap(\.queue.kind.subjects)).sorted().joined(separator: " ")),
            "queues": .list(waiting.enumerated().map { index, waiting in section(index, waiting) }),
        ]
    }

    private func section(
        _ index: Int, _ waiting: (queue: Queue, count: Int, records: [StoredRecord])
    ) -> PageValues {
        let kind = waiting.queue.kind
        let table = RecordKind.Table(
            title: waiting.queue.title, leadsTo: kind.resource, empty: waiting.queue.empty,
            columns: [kind.name] + kind.columns.filter { !$0.isState }.prefix(5))
        return TableOfRecords(
            table: table, index: index, rows: waiting.records, of: UUID(), portal: .admin, looks: looks
        ).values.merging([
            "queue_count": waiting.count == 0 ? .absent : .text("\(waiting.count)"),
            "queue_href": .text(waiting.queue.address), "has_waiting": .flag(waiting.count > 0),
        ]) { $1 }
    }
}

/// `/admin/command-center/approvals`.
struct ApprovalsPages: Sendable {
    let pages: PortalPages

    var routes: [PageRoute] {
        [
            .get(
                Portal.home(of: .admin) + "/approvals", "What waits for somebody to decide", for: [.admin],
                menu: MenuEntry(
                    group: "Today", title: "Approvals", icon: "list-checks", count: "approvals")
            ) { visit in
                let queues = ApprovalsPage.Queue.all
                let filters = queues.map { queue in
                    (name: queue.kind.resource, query: queue.query.merging(queue.kind.narrowed) { _, fixed in fixed })
                }
                let counts = try await pages.records.counts(filters, visit)
                let lists = zip(queues, filters).map { queue, filter in
                    let more = ["limit": "\(ApprovalsPage.most)", "sort": queue.kind.sort ?? "id"]
                    return (name: filter.name, query: filter.query.merging(more) { _, new in new })
                }
                let (visitor, found) = try await pages.records.pages(lists, visit)
                let waiting = zip(queues, zip(counts, found)).map { queue, found in
                    (queue: queue, count: found.0, records: found.1.records)
                }
                let looks = RecordPages(pages: pages, kind: .orders).looks
                return try pages.show(ApprovalsPage(waiting: waiting, looks: looks), to: visitor, visit)
            }
        ]
    }
}
