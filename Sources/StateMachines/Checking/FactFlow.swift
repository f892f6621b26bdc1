/// In which states a fact may be set, and in which it may be missing, along every path from the beginning.
struct FactFlow {
    /// States that can be reached with the fact set.
    let maybeSet: Set<String>
    /// States that can be reached without it.
    let maybeMissing: Set<String>

    init(_ fact: Fact, in machine: Machine, graph: StateGraph) {
        let setters = Set(fact.setBy.map(\.text))
        let stamped = Set(machine.states.filter { $0.stamps == fact.name }.map(\.name.text))
        var found: Set<Place> = []
        var open = graph.starts.map { Place(state: $0, isSet: setters.contains("create") || stamped.contains($0)) }
        while let place = open.popLast() {
            guard found.insert(place).inserted else { continue }
            for edge in graph.edges where edge.from == place.state {
                // A stamp is made by entering; staying makes none.
                let isStamped = edge.to != edge.from && stamped.contains(edge.to)
                open.append(Place(state: edge.to, isSet: place.isSet || setters.contains(edge.move) || isStamped))
            }
        }
        maybeSet = Set(found.filter(\.isSet).map(\.state))
        maybeMissing = Set(found.filter { !$0.isSet }.map(\.state))
    }

    private struct Place: Hashable {
        var state: String
        var isSet: Bool
    }
}
