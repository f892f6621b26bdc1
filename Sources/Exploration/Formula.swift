/// A condition over a joint state, ready to be looked at many thousand times: some ways in which it holds.
///
/// Atoms lie in one array, way after way; a way ends with an atom that says so.
package struct Formula {
    /// A part of the joint state has one of some values.
    package struct Atom {
        var field: Field
        /// Bit n: the value n is one of them.
        var values: UInt64
        var endsWay = false

        /// Makes an atom.
        package init(field: Field, values: UInt64) {
            (self.field, self.values) = (field, values)
        }
    }

    /// Whether it holds everywhere, or nowhere; then there are no atoms.
    private let constant: Bool?
    private let atoms: [Atom]

    /// Holds everywhere.
    package static let always = Formula(ways: [[]])
    /// Holds nowhere.
    package static let never = Formula(ways: [])

    /// Each way is a list of atoms that hold together.
    package init(ways: [[Atom]]) {
        constant = ways.isEmpty ? false : ways.contains { $0.isEmpty } ? true : nil
        guard constant == nil else {
            atoms = []
            return
        }
        atoms = ways.flatMap { way in
            way.indices.map { index in
                var atom = way[index]
                atom.endsWay = index == way.count - 1
                return atom
            }
        }
    }

    /// Whether it is known to hold nowhere.
    var isNever: Bool { constant == false }

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

    /// Holds where one of the two does.
    package func or(_ other: Formula) -> Formula { Formula(ways: ways + other.ways) }

    /// Holds where both do.
    package func and(_ other: Formula) -> Formula {
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
package struct Field: Hashable {
    package var shift: UInt64
    package var mask: UInt64

    /// Makes a field of the bits in `mask`, moved up by `shift`.
    package init(shift: UInt64, mask: UInt64) {
        (self.shift, self.mask) = (shift, mask)
    }

    @inline(__always)
    func value(in state: UInt64) -> UInt64 { (state >> shift) & mask }

    @inline(__always)
    func setting(_ value: UInt64, in state: UInt64) -> UInt64 { state & ~(mask << shift) | (value << shift) }

    /// Every value that fits.
    package var allValues: UInt64 { mask >= 63 ? .max : (1 << (mask + 1)) - 1 }
}

/// A condition of which it may be unknown whether it holds.
package struct Test {
    /// Whether it holds for certain.
    package var surely: Formula
    /// Whether it may hold.
    package var possibly: Formula

    /// Makes a test.
    package init(surely: Formula, possibly: Formula) {
        (self.surely, self.possibly) = (surely, possibly)
    }

    /// Holds for certain.
    package static let always = Test(surely: .always, possibly: .always)
    /// Holds for certain not.
    package static let never = Test(surely: .never, possibly: .never)
    /// Nobody knows.
    package static let maybe = Test(surely: .never, possibly: .always)

    /// That all hold.
    package static func all(_ tests: some Sequence<Test>) -> Test {
        tests.reduce(.always) { Test(surely: $0.surely.and($1.surely), possibly: $0.possibly.and($1.possibly)) }
    }
}
