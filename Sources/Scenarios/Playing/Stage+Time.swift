import Database
import Foundation
import StateMachines
import Workflows

extension Stage {
    /// More firings than this within one step mean that a timer arms itself again and again.
    private static let mostFirings = 5_000

    /// Lets time pass: every timer fires at its own time, the earliest first.
    func advance(to moment: Date, at location: SourceLocation) async throws {
        try await deriveEdited()
        try demandLater(moment, at: location)
        for _ in 0..<Self.mostFirings {
            let rows = try await owner.query(
                """
                SELECT machine, record_id, timer, counted_from, occurrence, moment, fire_at FROM workflow_timers
                WHERE fire_at <= \(moment) ORDER BY fire_at, moment, machine, record_id, timer LIMIT 1
                """)
            guard let row = rows.first else {
                clock = moment
                return
            }
            clock = max(clock, try row.value("fire_at"))
            try await fire(DueTimer(row))
        }
        throw tooManyFirings(location)
    }

    /// Nothing runs until then; then everything that is due, in the order of the moments.
    func sleep(until moment: Date, at location: SourceLocation) async throws {
        try demandLater(moment, at: location)
        clock = moment
        try await deriveEdited()
        for _ in 0..<Self.mostFirings {
            guard let row = try await owner.query(DueTimer.due(at: moment, limit: 1)).first else { return }
            try await fire(DueTimer(row))
        }
        throw tooManyFirings(location)
    }

    /// Derives timers again whose anchors were edited: what the scheduler does at once.
    func deriveEdited() async throws {
        let rows = try await owner.query(
            """
            SELECT machine, record_id, timer, counted_from, occurrence, moment FROM workflow_timers WHERE timer = '*'
            """)
        for row in rows { try await fire(DueTimer(row)) }
    }

    /// Runs the reactions that were left to transactions of their own; every other job counts as done at once.
    func runReactions() async throws {
        while true {
            // Their keys stay, so that what is told once is told once.
            _ = try await owner.query("WITH ready AS (DELETE FROM queue.ready) DELETE FROM queue.scheduled")
            let rows = try await owner.query(
                """
                SELECT id, payload FROM queue.jobs
                WHERE kind = \(LaterReaction.kind) AND NOT (id = ANY(\(ranReactions.sorted()))) ORDER BY id
                """)
            guard !rows.isEmpty else { return }
            for row in rows {
                ranReactions.insert(try row.value("id"))
                let payload = Data(try row.value("payload", as: JSON.self).text.utf8)
                try await engine.run(JSONDecoder().decode(LaterReaction.self, from: payload), now: clock)
            }
        }
    }

    private func fire(_ timer: DueTimer) async throws {
        try await engine.fire(timer, now: clock)
        try await runReactions()
    }

    private func demandLater(_ moment: Date, at location: SourceLocation) throws {
        guard moment < clock else { return }
        throw ScenarioDifference(at: location, expected: "a time after \(text(clock))", found: text(moment))
    }

    private func tooManyFirings(_ location: SourceLocation) -> ScenarioDifference {
        ScenarioDifference(
            at: location, expected: "timers to come to rest", found: "more than \(Self.mostFirings) firings")
    }
}
