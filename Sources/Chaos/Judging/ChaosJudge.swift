internal import Database
internal import Foundation
internal import Jobs

/// Looks for broken promises in what a play has left in its database.
struct ChaosJudge: Sendable {
    /// How many counterexamples are shown for each promise.
    static let shown = 5
    let pool: Pool

    /// Judges.
    func judge(
        _ witness: ChaosWitness, _ settings: ChaosSettings, disasters: [Disaster: Int]
    ) async throws -> ChaosReport {
        try await enter(witness)
        var promises: [ChaosReport.Promise] = []
        for rule in Self.rules + Queue.rules + Queue.rulesAtRest {
            let rows = try await pool.query("\(rule.counterexamples) LIMIT \(Self.shown)::bigint")
            promises.append(
                .init(promise: rule.promise, counterexamples: try rows.map { try $0.value("example") }))
        }
        let left = witness.isDrained ? [] : try await pool.query(Self.unfinished)
        promises += [
            .init(
                promise: "everything was worked off in the end",
                counterexamples: try left.prefix(Self.shown).map { try $0.value("example") }),
            .init(promise: "nobody saw a deadlock", counterexamples: Array(witness.deadlocks.prefix(Self.shown))),
            .init(
                promise: "no process ended by itself, and no request was refused",
                counterexamples: Array(witness.faults.prefix(Self.shown))),
        ]
        let recovery = try await pool.query(Self.longestRecovery).first?.optional("ms", as: Int.self) ?? nil
        return ChaosReport(
            settings: settings,
            disasters: Dictionary(uniqueKeysWithValues: disasters.map { ($0.key.rawValue, $0.value) }),
            figures: try await figures(witness), longestRecoveryMilliseconds: recovery ?? 0, promises: promises)
    }

    /// Writes down what the play saw, so that it can be compared with what the database holds.
    private func enter(_ witness: ChaosWitness) async throws {
        try await pool.run { session in
            _ = try session.pipeline([
                """
                INSERT INTO chaos.acknowledged SELECT unnest(\(witness.acknowledged.map(Int64.init))::bigint[])
                """,
                """
                INSERT INTO chaos.losses
                SELECT * FROM unnest(\(witness.losses.map(\.label))::text[],
                                     \(witness.losses.map(\.moment))::timestamptz[])
                """,
            ])
        }
    }

    private func figures(_ witness: ChaosWitness) async throws -> [String: Int] {
        var figures = ["requests without an answer": witness.unanswered]
        for (name, source) in Self.figures {
            figures[name] = try await pool.query("SELECT count(*) AS n FROM \(source)").first?.value("n") ?? 0
        }
        return figures
    }
}
