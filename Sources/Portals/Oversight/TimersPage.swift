import enum Documents.TemplateValue
import Foundation
import StateMachines
import WebAPI

/// Everything that will happen by itself (O-16).
struct TimersPage: Page {
    static let template = "timers"

    let timers: ListPage<ArmedTimer>
    let filter: MachineFilter
    let isLater: Bool
    let time: CompanyTime
    let now: Date

    var title: String { "Timers" }

    var values: PageValues {
        [
            "filters": .list(filter.values), "timers": .list(timers.items.map(row)),
            "is_empty": .flag(timers.items.isEmpty), "zone": .text(time.zone.identifier.replacing("_", with: " ")),
            "more": .optional(timers.next.map(filter.address(after:))),
            "first": isLater ? .text(filter.first) : .absent,
            "subjects": .text(filter.chosen ?? filter.machines.map(\.name.text).joined(separator: " ")),
        ].merging(OpsTab.timers.values) { $1 }
    }

    private func row(_ timer: ArmedTimer) -> PageValues {
        let machine = filter.machines.first { $0.name.text == timer.machine }
        let rule = machine?.timer(named: timer.timer)
        let does = rule?.fires.flatMap { machine?.move(named: $0.text)?.title }
        let isLate = timer.triedAt < now
        return [
            "key": .text("\(timer.machine)-\(timer.record.uuidString.lowercased())-\(timer.timer)"),
            "will": .text(rule?.title ?? Words.spelled(timer.timer)), "rule": .text("\(timer.machine).\(timer.timer)"),
            "does": .optional(does), "occurrence": timer.occurrence > 1 ? .text("\(timer.occurrence)") : .absent,
            "machine_title": .text(machine?.title ?? Words.spelled(timer.machine)),
            "record_href": .text(LifecyclePages.path(timer.machine, timer.record)),
            "name": .text(timer.name ?? "gone"), "at": .text(time.text(timer.moment)),
            "at_iso": .text(Timestamp.text(timer.moment)), "away": .text(Lasting.text(from: now, to: timer.moment)),
            "late": .one(isLate ? Badge("Late", .warning).values : nil),
            "tried": timer.triedAt > timer.moment ? .text(time.text(timer.triedAt)) : .absent,
        ]
    }
}
