import Database
import Foundation
import Jobs
import Testing

/// Clients do random things to one queue; at every moment, and when everything has been worked off, its rules hold.
///
/// `DRIZZL_CHAOS_SEED` plays another seed, `DRIZZL_CHAOS_STEPS` more steps, and with `DRIZZL_CHAOS_CLIENTS=1` each step
/// comes out as it did before, so that what a failure names can be looked at.
@Suite(.serialized) struct ChaosTests {
    @Test func `whatever clients do at the same time, every rule of the queue holds`() async throws {
        let run = try await ChaosRound(
            seed: ChaosRound.seed, clients: ChaosRound.number("CLIENTS") ?? 6,
            steps: ChaosRound.number("STEPS") ?? 18_000
        ).play()
        #expect(run.faults.isEmpty, "\(run.story)")
        guard run.faults.isEmpty else { return }
        // The test has to have met what it is about.
        for name in ChaosClient.deeds { #expect(run.counts[name, default: 0] > 0, "nobody did: \(name)") }
        for (name, least) in [("a zombie's write was refused", 200), ("a lost job was rescued", 200)] {
            #expect(run.counts[name, default: 0] >= least, "\(name)")
        }
    }

    @Test func `one client alone does the same again for the same seed, step by step`() async throws {
        let round = ChaosRound(seed: ChaosRound.seed &+ 7, clients: 1, steps: 1_500)
        let (first, second) = (try await round.play(), try await round.play())
        #expect(first.faults.isEmpty, "\(first.story)")
        #expect(first.trace.count == 1_500)
        let difference = zip(first.trace, second.trace).first { $0 != $1 }
        #expect(difference == nil)
        #expect(first.trace.count == second.trace.count)
    }

    @Test(arguments: Weakness.all)
    func `the test has teeth: without one of the rules it fails`(_ weakness: Weakness) async throws {
        var round = ChaosRound(
            seed: ChaosRound.seed, clients: weakness.needsRaces ? 6 : 1, steps: 3_000, weakness: weakness)
        var run = try await round.play()
        #expect(run.weakenings > 0, "no statement has this rule any more: \(weakness.original)")
        // Not every seed meets it in so few steps, and whether two clients meet is in none.
        for _ in 0..<5 where run.faults.isEmpty {
            round.seed &+= 1
            run = try await round.play()
        }
        #expect(!run.faults.isEmpty)
    }
}

/// One run of the random test.
struct ChaosRound {
    struct Outcome {
        var faults: [String]
        var counts: [String: Int]
        var trace: [String]
        var weakenings: Int
        var story: String
    }

    var seed: UInt64
    var clients: Int
    var steps: Int
    var weakness: Weakness?

    static var seed: UInt64 { number("SEED").map(UInt64.init) ?? 20_261_123 }

    static func number(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment["DRIZZL_CHAOS_\(name)"].flatMap { Int($0) }
    }

    /// How often the rules are looked at; each look reads all tables.
    private var lookEvery: Int { Self.number("LOOK_EVERY") ?? (weakness == nil ? 1_000 : 100) }

    func play() async throws -> Outcome {
        try await ChaosBed.with(clients: clients, weakness: weakness) { bed in
            let trace = try await play(on: bed)
            if bed.faults.isEmpty { try await rest(bed) }
            return outcome(bed, trace)
        }
    }

    private func play(on bed: ChaosBed) async throws -> [String] {
        try await withThrowingTaskGroup(of: [String].self) { group in
            for number in 0..<clients {
                group.addTask {
                    var client = ChaosClient(
                        bed: bed, dice: Dice(state: seed &+ UInt64(number) &* 7_919), isAlone: clients == 1)
                    for step in 1...max(1, steps / clients) {
                        try await client.step(step)
                        if !bed.faults.isEmpty { break }
                        // One looks for all; what holds at every moment holds while the others go on.
                        if number == 0, step % max(1, lookEvery / clients) == 0 { try await bed.look() }
                    }
                    return client.trace
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }

    /// Works everything off, and looks at what is left.
    private func rest(_ bed: ChaosBed) async throws {
        try await bed.look()
        guard bed.faults.isEmpty else { return }
        var finisher = ChaosClient(bed: bed, dice: Dice(state: seed), isAlone: false)
        try await finisher.finish()
        try await bed.look(atRest: true)
    }

    private func outcome(_ bed: ChaosBed, _ trace: [String]) -> Outcome {
        Outcome(
            faults: bed.faults, counts: bed.counts, trace: trace, weakenings: bed.weakenings,
            story: """
                \(bed.faults.prefix(10).joined(separator: "\n"))
                To play it again: DRIZZL_CHAOS_SEED=\(seed) DRIZZL_CHAOS_CLIENTS=\(clients) DRIZZL_CHAOS_STEPS=\(steps)
                \(trace.suffix(40).joined(separator: "\n"))
                """)
    }
}
