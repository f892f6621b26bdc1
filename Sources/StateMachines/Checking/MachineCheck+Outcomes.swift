/// W050 to W053: exactly one outcome is taken, and each of them can be.
extension MachineCheck {
    var outcomeFaults: [Fault] {
        allMoves.filter { !$0.outcomes.isEmpty }.flatMap { move in
            unconditional(move) + lastConditional(move) + covered(move) + pointless(move)
        }
    }

    /// W050.
    private func unconditional(_ move: Move) -> [Fault] {
        move.outcomes.dropLast().filter(\.when.isEmpty).map {
            Fault("W050", $0.to, "this outcome of \(move.subject) has no \"when\", so those after it are never taken")
        }
    }

    /// W051.
    private func lastConditional(_ move: Move) -> [Fault] {
        guard let last = move.outcomes.last, !last.when.isEmpty else { return [] }
        return [
            Fault(
                "W051", last.to,
                "the last outcome of \(move.subject) has a \"when\"; nothing would be left if it is false")
        ]
    }

    /// W052: where everything holds that this one asks for, an earlier one holds, too.
    private func covered(_ move: Move) -> [Fault] {
        move.outcomes.enumerated().compactMap { index, rule in
            let earlier = move.outcomes[..<index].first {
                !$0.when.isEmpty && !rule.when.isEmpty && Set($0.when).isSubset(of: rule.when)
            }
            return earlier.map {
                Fault(
                    "W052", rule.to, "this outcome of \(move.subject) is never taken; \"\($0.to)\" before it always is")
            }
        }
    }

    /// W053.
    private func pointless(_ move: Move) -> [Fault] {
        guard let first = move.outcomes.first, move.outcomes.count > 1, Set(move.ends).count == 1 else { return [] }
        return [Fault("W053", first.to, "all outcomes of \(move.subject) lead to \"\(first.to)\"", isWarning: true)]
    }
}
