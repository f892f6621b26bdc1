import Database
import Foundation
import Jobs

/// Sends jobs through a queue in a database of its own: first all in, then all out, then both at once.
struct Bench {
    let options: Options
    let configuration: DatabaseConfiguration

    /// One measured phase.
    struct Figure {
        var name: String
        var jobs: Int
        var seconds: Double
        var walBytes: Int

        var line: String {
            let rate = Int(Double(jobs) / seconds)
            return "\(name): \(rate) jobs/s, \(walBytes / max(1, jobs)) bytes of WAL per job (\(jobs) jobs)"
        }
    }

    func run() async throws {
        let pool = Pool(configuration)
        print(try await measure("enqueue", pool) { try await enqueueAll(options.jobs, pool) }.line)
        print(try await measure("claim + complete", pool) { try await workAll(until: options.jobs, pool) }.line)
        let both = try await measure("enqueue + claim + complete at once", pool) {
            try await withThrowingTaskGroup(of: Int.self) { group in
                group.addTask { try await enqueueAll(options.jobs, pool) }
                group.addTask { try await workAll(until: options.jobs, pool) }
                var counts: [Int] = []
                for try await count in group { counts.append(count) }
                return counts.min() ?? 0
            }
        }
        print(both.line)
        await pool.close()
    }

    private func measure(_ name: String, _ pool: Pool, _ body: () async throws -> Int) async throws -> Figure {
        let before = try await wal(pool)
        let start = ContinuousClock.now
        let jobs = try await body()
        let taken = start.duration(to: .now) / .seconds(1)
        return Figure(name: name, jobs: jobs, seconds: taken, walBytes: try await wal(pool) - before)
    }

    private func wal(_ pool: Pool) async throws -> Int {
        let rows = try await pool.query("SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint AS bytes")
        return try rows.first?.value("bytes") ?? 0
    }

    private func enqueueAll(_ jobs: Int, _ pool: Pool) async throws -> Int {
        let text = String(
            (0..<options.payload).map { _ in "abcdefghijklmnopqrstuvwxyz0123456789".randomElement() ?? "x" })
        let requests = (0..<options.batch).map { _ in
            JobRequest(kind: "bench", payload: JSON(text: #"{"text": "\#(text)"}"#))
        }
        let share = jobs / options.workers / options.batch
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<options.workers {
                group.addTask {
                    for _ in 0..<share { _ = try await pool.query(Queue.enqueue(requests, now: Date())) }
                }
            }
            try await group.waitForAll()
        }
        return share * options.workers * options.batch
    }

    private func workAll(until jobs: Int, _ pool: Pool) async throws -> Int {
        let wanted = jobs / options.workers / options.batch * options.workers * options.batch
        let counter = Counter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<options.workers {
                group.addTask { try await work(until: wanted, counter, pool) }
            }
            try await group.waitForAll()
        }
        return await counter.count
    }

    /// As a fetcher and a batcher do it, without handlers.
    private func work(until wanted: Int, _ counter: Counter, _ pool: Pool) async throws {
        let worker = WorkerID.random()
        let register = Queue.register(worker, name: "bench", queues: ["default"], kinds: [], life: .seconds(3_600))
        let life = try await pool.query(register).first?.value("server_life", as: String.self)
        var floors = ClaimFloors()
        var turn = 0
        while await counter.count < wanted {
            floors.expire(at: .now)
            let claim = try await pool.run { [floors, turn] session in
                try Queue.take(
                    for: worker, life: life, from: "default", floors: floors, count: options.batch, turn: turn,
                    in: session)
            }
            floors.advance(over: claim, askedFor: options.batch, at: .now)
            turn += 1
            let claimed = claim.jobs
            guard !claimed.isEmpty else {
                try await Task.sleep(for: .milliseconds(2))
                continue
            }
            let complete = Queue.complete(claimed.map(\.lease), notes: claimed.map { _ in nil })
            let done = try await pool.run { session in
                try session.pipeline([Queue.plansByIndex, complete]).last?.rows.count ?? 0
            }
            await counter.add(done)
        }
    }
}

private actor Counter {
    private(set) var count = 0
    func add(_ more: Int) { count += more }
}
