import Database
import Foundation
import StateMachines

/// What it takes to start: the checker over all lifecycle files, and the whole program.
struct Starting {
    let ground: Ground
    let settings: BenchSettings

    /// Milliseconds to read and check all lifecycle files.
    func checker() async throws -> Measure {
        var measure = Measure("checker_ms", "ms")
        for _ in 0..<settings.rounds {
            let start = ContinuousClock.now
            let loaded = WorkflowFiles.load(directory: ground.workflows)
            guard loaded.faults.isEmpty else { throw BenchFailure("The lifecycle files have faults.") }
            _ = Checker().check(loaded.files)
            measure.product.append((ContinuousClock.now - start) / .milliseconds(1))
        }
        return measure
    }

    /// Milliseconds until `drizzl up` is ready on a database that is migrated, and its megabytes when it has been idle
    /// for a while.
    func start() async throws -> [Measure] {
        var (time, memory) = (Measure("start_ms", "ms"), Measure("idle_mb", "MB"))
        try await ground.clear()
        let port = 20_000 + Int.random(in: 0..<10_000)
        for _ in 0..<settings.rounds {
            let start = ContinuousClock.now
            let house = try Program.begin([
                "DATABASE_URL=\(ground.url)", "DRIZZL_PORT=\(port)", "DRIZZL_LOG_LEVEL=error", ground.program, "up",
                "--no-demo",
            ])
            defer {
                house.terminate()
                house.waitUntilExit()
            }
            while (try? Program.output(["curl", "-sf", "http://127.0.0.1:\(port)/readyz"])) == nil {
                guard house.isRunning, ContinuousClock.now - start < .seconds(60) else {
                    throw BenchFailure("`drizzl up` does not get ready.")
                }
                try await Task.sleep(for: .milliseconds(5))
            }
            time.product.append((ContinuousClock.now - start) / .milliseconds(1))
            try await Task.sleep(for: .seconds(5))
            memory.product.append(try Program.megabytes("VmRSS", of: house))
        }
        return [time, memory]
    }
}
