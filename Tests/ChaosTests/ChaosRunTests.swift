import Chaos
import Database
import Foundation
import Testing
import TestSupport

/// The real thing: processes of the real program, killed, stopped and cut off.
@Suite(.serialized) struct ChaosRunTests {
    @Test func `whatever happens to processes, connections and the server, every promise is kept`() async throws {
        let output = try await DrizzlProcess.run(
            ["chaos", "--seconds", "25", "--rate", "40", "--seed", "\(ChaosSeed.current)", "--json"], environment: [:])
        let report = try JSONDecoder().decode(ChaosReport.self, from: Data(output.utf8))
        // The command exits with 1 when a promise is broken, so that has been seen to.
        #expect(report.isGood)
        for disaster in Disaster.allCases {
            #expect(report.disasters[disaster.rawValue, default: 0] > 0, "no \(disaster)")
        }
        for (name, least) in [("effects", 300), ("leases lost", 10), ("writes of zombies refused", 1)] {
            #expect(report.figures[name, default: 0] >= least, "\(name)")
        }
        #expect(report.longestRecoveryMilliseconds > 0)
    }

    @Test func `without the fence at the commit, the same chaos finds writes of zombies`() async throws {
        // Whether a zombie gets to write is a question of the machine's pace, too: it gets more than one chance.
        for chance in 0..<4 as Range<UInt64> {
            let report = try await play(
                weakened: """
                    CREATE OR REPLACE FUNCTION queue.demand_lease(held boolean) RETURNS void LANGUAGE sql AS ''
                    """, seed: ChaosSeed.current &+ chance)
            if report.promises.contains(where: { !$0.isKept && $0.promise == "no write of a zombie was accepted" }) {
                return
            }
        }
        Issue.record("nobody found a write of a zombie")
    }

    /// Plays in a database of the tests' server, which is left alone but for the one function.
    private func play(weakened: String, seed: UInt64) async throws -> ChaosReport {
        let server = ScratchServer(weakening: weakened)
        let program = try #require(ProcessInfo.processInfo.environment["DRIZZL_TEST_BINARY"])
        let settings = ChaosSettings(seconds: 15, seed: seed, workers: 3)
        return try await ChaosRun(settings, on: server, program: program, now: { Date() }, say: { _ in }).play()
    }
}

/// The seed that is played; another one by the environment.
enum ChaosSeed {
    static var current: UInt64 {
        ProcessInfo.processInfo.environment["DRIZZL_CHAOS_SEED"].flatMap { UInt64($0) } ?? 20_261_123
    }
}

/// A database with a function that is not as it should be.
private final class ScratchServer: ChaosServer {
    private let database: Task<ScratchDatabase, any Error>
    let crash: (@Sendable (Duration) async throws -> Void)? = nil

    init(weakening: String) {
        let migrations = DrizzlProcess.root.appending(path: "migrations")
        database = Task {
            let database = try await ScratchDatabase.make(migrations: migrations)
            try await ScratchDatabase.change(database.url, weakening)
            return database
        }
    }

    func prepare() async throws -> String { try await database.value.url }

    func remove() async throws { try await database.value.drop() }
}
