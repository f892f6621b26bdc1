import Exploration

/// How the states of a world's machines, its marks, open tasks and flags lie in the 64 bits of a joint state.
///
/// What nothing in the world depends on has no bits, so that states that differ in nothing that matters are one.
struct JointLayout {
    /// The bits of one machine.
    struct Place {
        var field: Field
        /// The state before the final one, for corrections that lead to `previous`.
        var before: Field?
        /// The states; `absent` has the number 0.
        var numbers: [String: UInt64]
        /// Where they stand: number to name.
        var names: [String]
    }

    private(set) var places: [String: Place] = [:]
    private var flags: [String: Field] = [:]
    private var free: UInt64 = 0

    /// Whether everything had room.
    var fits: Bool { free <= 64 }

    mutating func add(_ machine: Machine) {
        let names = ["absent"] + machine.states.map(\.name.text)
        let field = take(width: width(of: names.count))
        let goesBack = machine.corrections.contains { $0.ends.contains { $0 == "previous" } }
        let before = goesBack ? take(width: width(of: names.count)) : nil
        let numbers = Dictionary(names.enumerated().map { ($1, UInt64($0)) }) { first, _ in first }
        places[machine.name.text] = Place(field: field, before: before, numbers: numbers, names: names)
    }

    mutating func addFlag(_ name: String) {
        if flags[name] == nil { flags[name] = take(width: 1) }
    }

    /// The bit of a mark, task or flag; 0 when nothing depends on it.
    func bit(_ name: String) -> UInt64 { flags[name].map { 1 << $0.shift } ?? 0 }

    /// The bits of some marks or tasks.
    func bits(_ words: [Word]) -> UInt64 { words.reduce(0) { $0 | bit($1.text) } }

    /// What a condition says about joint states; about machines that are not there it says `maybe`.
    func test(_ condition: Condition) -> Test {
        Test(
            surely: formula(condition, isTrue: true, maybe: false),
            possibly: formula(condition, isTrue: true, maybe: true))
    }

    /// `maybe`: what is unknown counts as whatever makes the whole hold (true) or not hold (false).
    private func formula(_ condition: Condition, isTrue: Bool, maybe: Bool) -> Formula {
        switch condition {
        case .word("always"): return isTrue ? .always : .never
        case .word("never"): return isTrue ? .never : .always
        case .word("maybe"): return maybe ? .always : .never
        case .word(let word):
            guard let field = flags[word] else { return isTrue ? .never : .always }
            return Formula(ways: [[Formula.Atom(field: field, values: isTrue ? 0b10 : 0b01)]])
        case .machine(let name, let states):
            guard let place = places[name] else { return maybe ? .always : .never }
            let values = states.reduce(UInt64(0)) { set, state in place.numbers[state].map { set | 1 << $0 } ?? set }
            let field = place.field
            return Formula(ways: [[Formula.Atom(field: field, values: isTrue ? values : ~values & field.allValues)]])
        case .not(let inner): return formula(inner, isTrue: !isTrue, maybe: maybe)
        case .all(let parts): return join(parts, byAnd: isTrue, isTrue: isTrue, maybe: maybe)
        case .any(let parts): return join(parts, byAnd: !isTrue, isTrue: isTrue, maybe: maybe)
        }
    }

    private func join(_ parts: [Condition], byAnd: Bool, isTrue: Bool, maybe: Bool) -> Formula {
        let formulas = parts.map { formula($0, isTrue: isTrue, maybe: maybe) }
        return byAnd ? formulas.reduce(.always) { $0.and($1) } : formulas.reduce(.never) { $0.or($1) }
    }

    private mutating func take(width: UInt64) -> Field {
        defer { free += width }
        return Field(shift: min(free, 63), mask: (1 << width) - 1)
    }

    private func width(of count: Int) -> UInt64 { UInt64(Int.bitWidth - max(1, count - 1).leadingZeroBitCount) }
}
