import enum Documents.TemplateValue
import StateMachines

/// Chips that narrow a list to one machine.
struct MachineFilter {
    let machines: [Machine]
    let chosen: String?
    /// The page's address without a query.
    let root: String

    var values: [PageValues] {
        let all: PageValues = ["label": "All", "href": .text(root), "is_current": .flag(chosen == nil)]
        return [all]
            + machines.map { machine in
                [
                    "label": .text(machine.title), "href": .text("\(root)?machine=\(machine.name)"),
                    "is_current": .flag(machine.name.text == chosen),
                ]
            }
    }

    /// The address of the next page of the list.
    func address(after mark: String) -> String {
        Address.text(first, [(name: "after", value: mark)])
    }

    /// The address of the list from its beginning.
    var first: String { root + (chosen.map { "?machine=\($0)" } ?? "") }
}
