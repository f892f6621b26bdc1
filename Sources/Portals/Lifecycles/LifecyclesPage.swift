import enum Documents.TemplateValue
import StateMachines
import WebAPI

/// The list of machines, as its template shows it.
struct LifecyclesPage: Page {
    static let template = "lifecycles"

    let lifecycles: [LifecycleSummary]

    var title: String { "Lifecycles" }

    var values: PageValues {
        [
            "subjects": .text(lifecycles.map(\.machine.name.text).joined(separator: " ")),
            "lifecycles": .list(lifecycles.map(row)),
        ].merging(OpsTab.lifecycles.values) { $1 }
    }

    private func row(_ one: LifecycleSummary) -> PageValues {
        let path = LifecyclePages.path(one.machine.name.text)
        let open = one.machine.states.filter { !one.machine.isFinal($0.name.text) }
        let ended = one.machine.states.filter { one.machine.isFinal($0.name.text) }
        return [
            "key": .text(one.machine.name.text), "href": .text(path), "name": .text(one.machine.title),
            "records": .text(Words.counted(one.records.values.reduce(0, +))),
            "states": .list((open + ended).compactMap { state in share(of: state, one, path) }),
            "has_records": .flag(one.records.values.contains { $0 > 0 }),
            "attention": one.attention > 0 ? .text("\(one.attention)") : .absent,
            "moves": .text(Words.counted(one.moves)),
            "refusals": one.refusals > 0 ? .text("\(one.refusals)") : .absent,
        ]
    }

    private func share(of state: State, _ one: LifecycleSummary, _ path: String) -> PageValues? {
        guard let records = one.records[state.name.text], records > 0 else { return nil }
        return [
            "state_href": .text("\(path)?state=\(state.name)"), "state": .text(state.title),
            "count": .text(Words.counted(records)),
        ]
    }
}
