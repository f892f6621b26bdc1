/// A condition over a joint state, ready to be looked at many thousand times: some ways in which it holds.
///
/// Atoms lie in one array, way after way; a way ends with an atom that says so.
struct Formula {
    /// A part of the joint state has one of some values.
    struct Atom {
        var field: Field
        /// Bit n: the value n is one of them.
        var values: UInt64
        var endsWay = false
    }

    /// Whether it holds everywhere, or nowhere; then there are no atoms.
    private let constant: Bool?
    private let atoms: [Atom]

    static let always = Formula(ways: [[]])
    static let never = Formula(ways: [])

    /// Each way is a list of atoms that hold together.
    init(ways: [[Atom]]) {
        constant = ways.isEmpty ? false : ways.contains { $0.isEmpty } ? true : nil
        guard constant == nil else {
            atoms = []
            return
        }
        atoms = ways.flatMap { way in
            way.enumerated().map { Atom(field: $1.field, values: $1.values, endsWay: $0 == way.count - 1) }
        }
    }

    @inline(__always)
    func holds(in state: UInt64) -> Bool {
        if let constant { return constant }
        var isWay = true
        for atom in atoms {
            isWay = isWay && (atom.values >> atom.field.value(in: state)) & 1 == 1
            if atom.endsWay {
                if isWay { return true }
                isWay = true
            }
        }
        return false
    }

    func or(_ other: Formula) -> Formula { Formula(ways: ways + other.ways) }

    func and(_ other: Formula) -> Formula {
        let others = other.ways
        return Formula(ways: ways.flatMap { left in others.map { left + $0 } })
    }

    private var ways: [[Atom]] {
        if let constant { return constant ? [[]] : [] }
        var found: [[Atom]] = [[]]
        for atom in atoms {
            found[found.count - 1].append(atom)
            if atom.endsWay { found.append([]) }
        }
        return found.dropLast()
    }
}

/// Some bits of a joint state.
struct Field: Hashable {
    var shift: UInt64
    var mask: UInt64

    @inline(__always)
    func value(in state: UInt64) -> UInt64 { (state >> shift) & mask }

    @inline(__always)
    func setting(_ value: UInt64, in state: UInt64) -> UInt64 { state & ~(mask << shift) | (value << shift) }

    /// Every value that fits.
    var allValues: UInt64 { mask >= 63 ? .max : (1 << (mask + 1)) - 1 }
}

/// A condition of which it may be unknown whether it holds.
struct Test {
    /// Whether it holds for certain.
    var surely: Formula
    /// Whether it may hold.
    var possibly: Formula

    static let always = Test(surely: .always, possibly: .always)
    static let never = Test(surely: .never, possibly: .never)
    static let maybe = Test(surely: .never, possibly: .always)

    /// That all hold.
    static func all(_ tests: some Sequence<Test>) -> Test {
        tests.reduce(.always) { Test(surely: $0.surely.and($1.surely), possibly: $0.possibly.and($1.possibly)) }
    }
}
