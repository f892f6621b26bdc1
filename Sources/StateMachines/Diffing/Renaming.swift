/// The names of an older file in the words of a newer one.
struct Renaming {
    private var states: [String: String] = [:]
    private var moves: [String: String] = [:]
    private var timers: [String: String] = [:]

    /// Takes from `was` what the older file still has under its old name: `was` may tell of versions before it.
    init(from old: Machine?, to new: Machine) {
        guard let old else { return }
        func taken(_ pairs: [NamedValue], among names: [Word]) -> [String: String] {
            let known = Set(names.map(\.text))
            let live = pairs.filter { known.contains($0.name.text) }.map { ($0.name.text, $0.value.text) }
            return Dictionary(live) { first, _ in first }
        }
        states = taken(new.renames.states, among: old.states.map(\.name))
        moves = taken(new.renames.transitions, among: [old.create.name] + old.moves.map(\.name))
        timers = taken(new.renames.timers, among: old.timers.map(\.name))
    }

    init() {}

    func state(_ name: String) -> String { states[name] ?? name }
    func move(_ name: String) -> String { moves[name] ?? name }
    func timer(_ name: String) -> String { timers[name] ?? name }

    /// How the older file calls a state of the newer one.
    func olderState(_ name: String) -> String { states.first { $0.value == name }?.key ?? name }
}
