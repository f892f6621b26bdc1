import enum Documents.TemplateValue
import Foundation
import StateMachines
import WebAPI

/// What is wrong with the works, and what waits for people.
struct AlertsPage: Page {
    static let template = "alerts"

    let alerts: [SystemAlert]
    let items: ListPage<AttentionItem>
    let vocabulary: Vocabulary
    let machines: [Machine]
    /// Whether the visitor may take note of alerts and close items.
    let mayResolve: Bool
    let isLater: Bool
    let notice: String?
    /// Why an item was not closed.
    let refused: String?
    let time: CompanyTime
    let now: Date

    private static let console = "/admin/command-center/ops"

    var title: String { "Alerts" }

    var values: PageValues {
        [
            "alerts": .list(alerts.map(alertRow)), "has_alerts": .flag(!alerts.isEmpty),
            "items": .list(items.items.map(itemRow)), "has_items": .flag(!items.items.isEmpty),
            "may_resolve": .flag(mayResolve), "notice": .optional(notice), "refused": .optional(refused),
            "more": .optional(items.next.map { Address.text(OversightPages.alerts, [(name: "after", value: $0)]) }),
            "first": isLater ? .text(OversightPages.alerts) : .absent,
            "subjects": .text(machines.map(\.name.text).joined(separator: " ")),
        ]
    }

    private func alertRow(_ alert: SystemAlert) -> PageValues {
        let (what, badge, href, deed) = words(alert)
        return [
            "key": .text("\(alert.kind.rawValue)-\(alert.subject)"), "what": .text(what), "badge": .one(badge.values),
            "count": .text(Words.counted(alert.count)), "since": .text(time.text(alert.since)),
            "since_iso": .text(Timestamp.text(alert.since)), "ago": .text(Lasting.text(from: now, to: alert.since)),
            "error": .optional(alert.lastError), "href": .text(href), "deed": .text(deed),
            "known": .one(alert.acknowledged.map(known)),
            "may_acknowledge": .flag(mayResolve && alert.acknowledged == nil),
            "may_not": .flag(!mayResolve && alert.acknowledged == nil), "kind": .text(alert.kind.rawValue),
            "subject": .text(alert.subject), "note_id": .text("note-\(alert.kind.rawValue)-\(alert.subject)"),
            "acknowledge_href": .text(OversightPages.alerts + "/acknowledge"),
        ]
    }

    private func known(_ note: AlertNote) -> PageValues {
        [
            "by": .text(note.name), "said": .optional(note.note), "known_at": .text(time.text(note.at)),
            "known_at_iso": .text(Timestamp.text(note.at)), "known_badge": .one(Badge("Acknowledged", .info).values),
        ]
    }

    private func words(_ alert: SystemAlert) -> (what: String, badge: Badge, href: String, deed: String) {
        let subject = Address.value(alert.subject)
        let spelled = Words.spelled(alert.subject)
        switch alert.kind {
        case .deadJobs:
            return (
                "\(spelled) fails", Badge("Given up", .error), "\(Self.console)/dead?kind=\(subject)", "Look and retry"
            )
        case .slowQueue:
            return (
                "Queue \(alert.subject) is behind", Badge("Slow", .warning),
                "\(Self.console)/jobs?queue=\(subject)&place=ready", "See what waits"
            )
        case .noWorker:
            return (
                "No worker for queue \(alert.subject)", Badge("Stopped", .error), "\(Self.console)/workers",
                "See the workers"
            )
        case .missedSchedule:
            return (
                "\(spelled) did not run", Badge("Missed", .error), "\(Self.console)/schedules", "See the schedules"
            )
        case .lateTimers:
            return ("Timers are late", Badge("Late", .error), OversightPages.timers, "See the timers")
        case .refusedMail:
            return ("Mails are refused", Badge("Refused", .error), "\(Self.console)/mailbox", "See the mails")
        }
    }

    private func itemRow(_ item: AttentionItem) -> PageValues {
        let machine = machines.first { $0.name.text == item.machine }
        let title = vocabulary.tasks.first { $0.name == item.task }?.title ?? Words.spelled(item.task)
        let id = item.id.uuidString.lowercased()
        return [
            "key": .text(id), "task": .text(title),
            "machine_title": .text(machine?.title ?? Words.spelled(item.machine)),
            "record_href": machine == nil ? .absent : .text(LifecyclePages.path(item.machine, item.record)),
            "name": .text(item.name ?? "gone"), "opened": .text(time.text(item.openedAt)),
            "opened_iso": .text(Timestamp.text(item.openedAt)),
            "ago": .text(Lasting.text(from: now, to: item.openedAt)), "because": .list(because(item, machine)),
            "resolve_href": .text("\(OversightPages.alerts)/\(id)/resolve"), "note_id": .text("note-\(id)"),
        ]
    }

    /// What led to it: the move that was refused and why, or whatever else was written down.
    private func because(_ item: AttentionItem, _ machine: Machine?) -> [PageValues] {
        guard case .object(let members) = item.because else { return [] }
        var lines: [String] = []
        if case .string(let move)? = members["move"] {
            let name = move.split(separator: ".").last.map(String.init) ?? move
            lines.append("Refused: \(machine?.title(ofEvent: name) ?? Words.spelled(name))")
        }
        if case .array(let reasons)? = members["reasons"] {
            for case .object(let reason) in reasons {
                if case .string(let message)? = reason["message"] { lines.append(message) }
            }
        }
        if case .string(let reason)? = members["reason"] { lines.append(reason) }
        return lines.map { ["line": .text($0)] }
    }
}
