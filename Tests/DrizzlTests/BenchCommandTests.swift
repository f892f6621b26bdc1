import Foundation
import TestSupport
import Testing

/// `drizzl bench` with the real program on a real server; how fast things are is not tested.
@Suite struct BenchCommandTests {
    @Test func `every case runs beside its limit, and programs read the ratios`() async throws {
        let server = try #require(ProcessInfo.processInfo.environment["DRIZZL_TEST_DATABASE_URL"])
        let output = try await DrizzlProcess.run(
            [
                "bench", "--database", server, "--json", "--rounds", "1", "--jobs", "1000", "--batch", "500",
                "--moves", "40", "--pickups", "5", "--others", "100",
            ], environment: [:])
        let report = try JSONDecoder().decode(Report.self, from: Data(output.utf8))
        let compared = [
            "enqueue_4", "bulk_enqueue", "drain", "drain_two", "drain_big_tables", "drain_held_snapshot",
            "transition_1", "transition_2", "transition_4", "transition_8",
        ]
        for name in compared {
            let figures = try #require(report.figures.first { $0.name == name })
            #expect(figures.product.allSatisfy { $0 > 0 } && figures.limit.allSatisfy { $0 > 0 }, "\(name)")
            #expect(figures.limit.count == 1, "\(name)")
        }
        for name in compared + [
            "pickup_p50_ms", "pickup_p99_ms", "drain_worker_mb", "checker_ms", "start_ms", "idle_mb",
        ] {
            #expect(report.ratios[name, default: 0] > 0, "\(name)")
        }
    }

    @Test func `what cannot be measured is said before anything is`() async throws {
        for (words, expected) in [
            (["--only", "drain,lunch"], "There is no case lunch"), (["--jobs", "10"], "multiple of --batch"),
            (["--rounds", "0"], "--rounds takes 1 or more"),
        ] {
            let error = await #expect(throws: (any Error).self) {
                try await DrizzlProcess.run(["bench"] + words, environment: [:])
            }
            #expect("\(error as Any)".contains(expected))
        }
    }
}

private struct Report: Decodable {
    struct Figures: Decodable {
        let name: String
        let product: [Double]
        let limit: [Double]
    }

    let ratios: [String: Double]
    let figures: [Figures]
}
