import enum Documents.TemplateValue
import Foundation
import StateMachines
import WebAPI

/// Moves that were asked for and not made (O-20).
struct RefusalsPage: Page {
    static let template = "refusals"

    let refusals: ListPage<KeptRefusal>
    let filter: MachineFilter
    let isLater: Bool
    let time: CompanyTime
    let now: Date

    var title: String { "Refusals" }

    var values: PageValues {
        [
            "filters": .list(filter.values), "refusals": .list(refusals.items.map(row)),
            "is_empty": .flag(refusals.items.isEmpty),
            "more": .optional(refusals.next.map(filter.address(after:))),
            "first": isLater ? .text(filter.first) : .absent,
        ].merging(OpsTab.refusals.values) { $1 }
    }

    private func row(_ refusal: KeptRefusal) -> PageValues {
        let machine = filter.machines.first { $0.name.text == refusal.machine }
        let role = Words.doer(role: refusal.role)
        return [
            "key": .text(refusal.id.uuidString.lowercased()), "at": .text(time.text(refusal.at)),
            "at_iso": .text(Timestamp.text(refusal.at)), "ago": .text(Lasting.text(from: now, to: refusal.at)),
            "move": .text(machine?.title(ofEvent: refusal.move) ?? Words.spelled(refusal.move)),
            "state": .one(refusal.state.flatMap { machine?.badge(ofState: $0).values }),
            "machine_title": .text(machine?.title ?? Words.spelled(refusal.machine)),
            "record_href": .optional(
                refusal.name == nil ? nil : refusal.record.map { LifecyclePages.path(refusal.machine, $0) }),
            "name": .text(refusal.name ?? "there is none"),
            "who": .text(refusal.asker.map { "\($0), \(role.lowercased())" } ?? role),
            "reasons": .list(
                refusal.codes.enumerated().map { index, code in
                    let words = index < refusal.messages.count ? refusal.messages[index] : Words.spelled(code)
                    return ["message": .text(words), "code": .text(code)]
                }),
        ]
    }
}
