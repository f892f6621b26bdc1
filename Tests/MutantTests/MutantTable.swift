import Mutations

/// How many mutants of each kind were noticed, by whom, and which were not.
struct MutantTable: Sendable {
    private let judged: [(mutant: Mutant, verdict: MutantJudge.Verdict)]

    init(_ mutants: [Mutant], _ verdicts: [MutantJudge.Verdict]) {
        judged = Array(zip(mutants, verdicts))
    }

    var count: Int { judged.count }

    var kinds: Set<Mutant.Kind> { Set(judged.map(\.mutant.kind)) }

    var missed: [Mutant] { judged.filter { !$0.verdict.isRefusal }.map(\.mutant) }

    /// Of a hundred mutants that `isCounted` counts, how many may not run; two digits after the point.
    ///
    /// A warning stops nothing, so it does not count.
    func percentage(where isCounted: (Mutant.Kind) -> Bool = { _ in true }) -> Double {
        let counted = judged.filter { isCounted($0.mutant.kind) }
        let noticed = counted.count { $0.verdict.isRefusal }
        return (10_000 * Double(noticed) / Double(max(counted.count, 1))).rounded() / 100
    }

    /// One line per kind, the sum, and the names of those that nobody noticed.
    var text: String {
        var lines = [Self.line("kind", ["made", "static", "warned", "product", "missed"])]
        for kind in Mutant.Kind.allCases { lines.append(line(kind.rawValue) { $0.mutant.kind == kind }) }
        lines.append(line("all") { _ in true })
        let certain = percentage { $0.mustBeNoticed }
        let others = percentage { !$0.mustBeNoticed }
        lines.append("noticed: \(percentage()) % of all, \(certain) % of what must be, \(others) % of the rest")
        return (lines + missed.map { "missed: \($0.name)" }).joined(separator: "\n")
    }

    private func line(_ title: String, where belongs: ((mutant: Mutant, verdict: MutantJudge.Verdict)) -> Bool)
        -> String
    {
        let rows = judged.filter(belongs).map(\.verdict)
        let refused = rows.count { if case .refused = $0 { true } else { false } }
        let warned = rows.count { if case .warned = $0 { true } else { false } }
        let violated = rows.count { if case .violated = $0 { true } else { false } }
        let missed = rows.count { $0 == .missed }
        return Self.line(title, [rows.count, refused, warned, violated, missed].map(String.init))
    }

    private static func line(_ title: String, _ cells: [String]) -> String {
        let padded = cells.map { String(repeating: " ", count: max(1, 9 - $0.count)) + $0 }
        return title + String(repeating: " ", count: max(1, 42 - title.count)) + padded.joined()
    }
}
