internal import Database
public import Foundation

/// A play: real processes under load, disasters by a plan, and a judgement in the end.
public struct ChaosRun: Sendable {
    private let settings: ChaosSettings
    private let server: any ChaosServer
    private let program: String
    private let now: @Sendable () -> Date
    private let say: @Sendable (String) -> Void

    /// Prepares a play; nothing is started yet.
    ///
    /// - Parameters:
    ///   - settings: How much chaos.
    ///   - server: Where.
    ///   - program: The path of the program whose hidden command `chaos-part` plays the workers and schedulers.
    ///   - now: The clock.
    ///   - say: Tells whoever watches how it goes.
    public init(
        _ settings: ChaosSettings, on server: any ChaosServer, program: String,
        now: @escaping @Sendable () -> Date, say: @escaping @Sendable (String) -> Void
    ) {
        (self.settings, self.server, self.program, self.now, self.say) = (settings, server, program, now, say)
    }

    /// Plays, judges, and leaves nothing behind, also when it is cancelled.
    ///
    /// - Returns: What was done and what held.
    /// - Throws: When the database or a process cannot be had at all; `CancellationError`.
    public func play() async throws -> ChaosReport {
        let logs = FileManager.default.temporaryDirectory.appending(path: "drizzl-chaos-logs-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: logs, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: logs) }
        let result: Result<ChaosReport, any Error>
        do {
            result = .success(try await play(on: try await server.prepare(), logs: logs))
        } catch {
            result = .failure(error)
        }
        // In a task of its own: tidying up is done also when this one was cancelled.
        let tidying = Task { [server] in try await server.remove() }
        let report = try result.get()
        try await tidying.value
        return report
    }

    private func play(on url: String, logs: URL) async throws -> ChaosReport {
        let own = Pool(
            DatabaseConfiguration(url: url, maximumConnections: 2, applicationName: Saboteur.spared))
        let asking = Pool(
            DatabaseConfiguration(
                url: url, maximumConnections: 2, connectTimeout: .seconds(2), role: "drizzl_app",
                applicationName: "drizzl chaos load"))
        let crew = Crew(program: program, url: url, settings: settings, logs: logs, now: now)
        let result: Result<ChaosReport, any Error>
        do {
            try await own.run { session in try session.executeScript(unsafeUnescaped: Ledger.schema) }
            result = .success(try await play(crew, own: own, asking: asking, logs: logs))
        } catch {
            result = .failure(error)
        }
        await Task {
            await crew.close(within: .zero)
            await asking.close()
            await own.close()
        }.value
        return try result.get()
    }

    private func play(_ crew: Crew, own: Pool, asking: Pool, logs: URL) async throws -> ChaosReport {
        let kinds = Disaster.allCases.filter { $0 != .crash || server.crash != nil }
        let plan = ChaosPlan(settings, kinds: kinds)
        let load = ChaosLoad(pool: asking, settings: settings, now: now)
        let saboteur = Saboteur(crew: crew, pool: own, crash: server.crash)
        say(
            """
            \(settings.workers) workers and \(settings.schedulers) schedulers, \(plan.disasters.count) disasters in \
            \(settings.seconds) s, seed \(settings.seed)
            """)
        let isDrained = try await withThrowingTaskGroup(of: Void.self) { keepers in
            for place in 0..<crew.places { keepers.addTask { try await crew.keep(place) } }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await load.run() }
                group.addTask { try await saboteur.run(plan) }
                try await group.waitForAll()
            }
            say("no more disasters; what is left is being worked off")
            let isDrained = try await drain(own)
            await crew.close(within: .seconds(10))
            return isDrained
        }
        let witness = ChaosWitness(
            acknowledged: await load.acknowledged, unanswered: await load.unanswered, losses: await crew.losses,
            faults: await load.faults + crew.unexpectedEnds, deadlocks: try deadlocks(in: logs), isDrained: isDrained)
        return try await ChaosJudge(pool: own).judge(witness, settings, disasters: saboteur.counts)
    }

    /// Waits until nothing is left to do.
    private func drain(_ pool: Pool) async throws -> Bool {
        let end = ContinuousClock.now + settings.drainLimit
        var next = ContinuousClock.now + .seconds(5)
        while ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(200))
            // The server may be coming back at this moment.
            guard let rows = try? await pool.query(ChaosJudge.unfinished) else { continue }
            if rows.isEmpty { return true }
            if ContinuousClock.now >= next {
                next += .seconds(5)
                let example = try rows[0].value("example", as: String.self)
                say(rows.count == 1 ? example : "\(example), and so are \(rows.count - 1) more")
            }
        }
        return false
    }

    /// The lines of the processes' logs that tell of deadlocks.
    private func deadlocks(in logs: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(at: logs, includingPropertiesForKeys: nil).flatMap { file in
            try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter { $0.contains("deadlock") }
                .map(String.init)
        }
    }
}
