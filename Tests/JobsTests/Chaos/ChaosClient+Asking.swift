import Database
import Foundation
import Jobs

/// Those who ask for jobs.
extension ChaosClient {
    private static let kinds = ["alpha", "beta", "gamma"]

    mutating func enqueue() async throws -> String {
        var requests: [JobRequest] = []
        for position in 0...roll(6) { requests.append(request(at: position)) }
        // Most requests of a call are plain; a call that is all of a kind takes another way through the statement.
        let edges = requests.enumerated().flatMap { index, request in request.after.map { (index, $0) } }
        let now = bed.now
        let placed: [JobPlacement]
        do {
            placed = try await bed.rows(Queue.enqueue(requests, now: now)).map { try JobPlacement(row: $0) }
        } catch let error as DatabaseError where error.sqlState == Queue.sealedState {
            let hasSealed = requests.contains { request in request.batch.map(sealed.contains) ?? false }
            if !hasSealed { bed.fault("an open batch was refused: \(error)") }
            return "refused, a sealed batch"
        }
        if requests.contains(where: { request in request.batch.map(sealed.contains) ?? false }),
            placed.contains(where: { $0.isCreated && requests[$0.position].batch.map(sealed.contains) ?? false })
        {
            bed.fault("a job has joined a sealed batch")
        }
        if placed.map(\.position) != Array(requests.indices) { bed.fault("a request without an answer") }
        bed.note(placed)
        try await note(edges, placed)
        recent = Array((recent + placed.map(\.jobID)).suffix(40))
        return try await bed.names(placed.map(\.jobID)) + follow(QueueFollowUp(placed))
    }

    private mutating func request(at position: Int) -> JobRequest {
        var request = JobRequest(
            kind: Self.kinds[roll(3)], payload: JSON(text: "{}"), priority: Int16(roll(4)),
            maxAttempts: 1 + roll(4))
        if roll(3) == 0 { request.runAt = bed.moment(in: roll(60) - 20) }
        if roll(4) == 0 { request.uniqueKey = "u\(roll(30))" }
        if roll(3) == 0 { request.concurrency = ChaosLimits.concurrency[roll(ChaosLimits.concurrency.count)] }
        if roll(6) == 0 { request.rate = ChaosLimits.rates[roll(ChaosLimits.rates.count)] }
        if roll(4) == 0 { request.tenant = "t\(roll(5))" }
        if roll(6) == 0 { request.batch = roll(12) == 0 ? sealed.last : batches.randomElement(using: &dice) }
        if roll(10) == 0 { request.onLoss = LossPolicy.allCases[roll(3)] }
        if roll(8) == 0 { request.eventID = ChaosLimits.events[roll(ChaosLimits.events.count)] }
        if roll(7) == 0 {
            if position > 0, roll(2) == 0 { request.after.append(.position(roll(position))) }
            for _ in 0...roll(2) { if let job = recent.randomElement(using: &dice) { request.after.append(.job(job)) } }
        }
        return request
    }

    /// Keeps in mind what waits for what, for the queue forgets it.
    private func note(_ edges: [(Int, JobDependency)], _ placed: [JobPlacement]) async throws {
        let pairs = edges.compactMap { index, dependency -> (Int64, Int64)? in
            guard placed[index].isCreated else { return nil }
            return switch dependency {
            case .job(let id): (id.rawValue, placed[index].jobID.rawValue)
            case .position(let position): (placed[position].jobID.rawValue, placed[index].jobID.rawValue)
            }
        }
        guard !pairs.isEmpty else { return }
        _ = try await bed.pool.query(
            """
            INSERT INTO chaos.edges SELECT * FROM unnest(\(pairs.map(\.0))::bigint[], \(pairs.map(\.1))::bigint[])
            """)
    }

    mutating func openBatch() async throws -> String {
        guard batches.count < 4 else { return "enough are open" }
        let callback = roll(4) > 0 ? JobRequest(kind: "callback", payload: JSON(text: "{}")) : nil
        guard let row = try await bed.rows(Queue.openBatch(callback: callback)).first else { return "none" }
        batches.append(BatchID(rawValue: try row.value("id")))
        return "opened"
    }

    mutating func sealBatch() async throws -> String {
        guard let index = batches.indices.randomElement(using: &dice) else { return "none is open" }
        let batch = batches.remove(at: index)
        sealed.append(batch)
        return try await bed.rows(Queue.seal(batch)).isEmpty ? "was sealed" : "sealed"
    }

    mutating func cancel() async throws -> String {
        var jobs: Set<JobID> = []
        for _ in 0...roll(3) { if let job = recent.randomElement(using: &dice) { jobs.insert(job) } }
        guard !jobs.isEmpty else { return "nothing" }
        let rows = try await bed.rows(Queue.cancel(jobs.sorted(), reason: "chaos"))
        let touched = try rows.map { JobID(rawValue: try $0.value("job_id")) }
        return try await bed.names(touched) + follow(QueueFollowUp(rows: rows))
    }

    mutating func cancelByEvent() async throws -> String {
        let event = ChaosLimits.events[roll(ChaosLimits.events.count)]
        let rows = try await bed.rows(Queue.cancel(causedBy: "SELECT \(event)::uuid", reason: "no longer due"))
        let ended = try rows.map { JobID(rawValue: try $0.value("job_id")) }
        return try await bed.names(ended) + follow(QueueFollowUp(rows: rows))
    }

    mutating func pause() async throws -> String {
        let scope = scope()
        _ = try await bed.rows(Queue.pause(scope, by: "chaos", reason: "x"))
        return "\(scope)"
    }

    mutating func resume() async throws -> String {
        let scope = scope()
        return try await bed.rows(Queue.resume(scope)).isEmpty ? "\(scope) was not paused" : "\(scope)"
    }

    private mutating func scope() -> PauseScope {
        switch roll(4) {
        case 0: .queue("default")
        case 1: .kind(Self.kinds[roll(2)])
        default: .key(ChaosLimits.concurrency[roll(2)].key)
        }
    }

    /// Every pause there can be.
    static var scopes: [PauseScope] {
        [.queue("default")] + kinds.map { .kind($0) } + ChaosLimits.concurrency.map { .key($0.key) }
    }
}

/// What the jobs of this test share.
enum ChaosLimits {
    static let concurrency = [
        ConcurrencyLimit(key: "one", limit: 1), ConcurrencyLimit(key: "also-one", limit: 1),
        ConcurrencyLimit(key: "three", limit: 3), ConcurrencyLimit(key: "four", limit: 4),
    ]
    static let rates = [
        RateLimit(key: "slow", 1, per: .milliseconds(40), burst: 2),
        RateLimit(key: "quick", 1, per: .milliseconds(5), burst: 5),
    ]
    static let events = (1...6).map { UUID(uuid: (0, 0, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, $0)) }
}
