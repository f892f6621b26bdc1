internal import Database
internal import Foundation
internal import Jobs

/// Asks for jobs, and keeps in mind what it was told.
actor ChaosLoad {
    /// The numbers of the requests whose transaction was acknowledged.
    private(set) var acknowledged: [Int] = []
    /// How many were not, because the connection or the server went.
    private(set) var unanswered = 0
    /// What the database refused for another reason; there should be nothing.
    private(set) var faults: [String] = []
    private var dice: SeededGenerator
    private var number = 0
    private let pool: Pool
    private let waker: QueueWaker
    private let settings: ChaosSettings
    private let now: @Sendable () -> Date

    init(pool: Pool, settings: ChaosSettings, now: @escaping @Sendable () -> Date) {
        (self.pool, self.settings, self.now) = (pool, settings, now)
        waker = QueueWaker(pool: pool)
        dice = SeededGenerator(seed: settings.seed &+ 1)
    }

    /// How many jobs that kill their worker are asked for.
    static let killers = 2

    /// How many of the jobs with a key may run at once.
    private static let limits = [
        ConcurrencyLimit(key: "chaos one", limit: 1), ConcurrencyLimit(key: "chaos another one", limit: 1),
        ConcurrencyLimit(key: "chaos three", limit: 3),
    ]

    /// Asks for jobs until the time is over.
    func run() async {
        let begun = ContinuousClock.now
        let end = begun + .seconds(settings.seconds)
        var asked = 0
        var killers = 0
        while ContinuousClock.now < end, !Task.isCancelled {
            let elapsed = (ContinuousClock.now - begun) / .seconds(1)
            // In bursts; behind the plan after a crash of the server, they come all the thicker.
            let due = min(40, Int(elapsed * Double(settings.rate)) - asked)
            if due > 0 {
                var requests = (0..<due).map { _ in request() }
                tie(&requests)
                let isBatch = Int.random(in: 0..<5, using: &dice) == 0
                // In the first half, so that three of their workers' lives are over before the end.
                let isKillerDue =
                    killers < Self.killers && elapsed > Double(settings.seconds * (killers + 1)) / 8
                if isKillerDue { requests.append(make(Killer.kind)) }
                if await send(requests, inBatch: isBatch) {
                    asked += due
                    if isKillerDue { killers += 1 }
                } else {
                    // As a caller does who is refused: not at once again.
                    try? await Task.sleep(for: .milliseconds(250))
                }
            }
            try? await Task.sleep(for: .milliseconds(Int.random(in: 20...150, using: &dice)))
        }
        await waker.settle()
    }

    /// Lets some jobs wait for one that stands before them.
    private func tie(_ requests: inout [JobRequest]) {
        for index in requests.indices.dropFirst() where requests[index].kind == Follow.kind {
            let upstream = Int.random(in: 0..<index, using: &dice)
            requests[index].after = [.position(upstream)]
            let first = number - requests.count + 1
            let payload = DeedPayload(number: first + index, after: first + upstream)
            if let text = try? payload.json { requests[index].payload = text }
        }
    }

    /// Enqueues in a transaction that also notes what was asked for, with a batch of its own if wanted.
    private func send(_ requests: [JobRequest], inBatch isBatch: Bool) async -> Bool {
        let first = number - requests.count + 1
        do {
            let callback =
                isBatch
                ? JobRequest(kind: Callback.kind, payload: try DeedPayload(batch: first).json, maxAttempts: 100) : nil
            let placed = try await pool.run { [now] session in
                try session.begin()
                var requests = requests
                let batch =
                    try callback.map { callback in
                        try session.first(Queue.openBatch(callback: callback)).map {
                            BatchID(rawValue: try $0.value("id"))
                        }
                    } ?? nil
                for index in requests.indices { requests[index].batch = batch }
                let placed = try session.query(Queue.enqueue(requests, now: now())).map { try JobPlacement(row: $0) }
                let sent: SQL = """
                    INSERT INTO chaos.sent (number, job_id, is_created)
                    SELECT * FROM unnest(\(placed.map { Int64(first + $0.position) })::bigint[],
                                         \(placed.map(\.jobID.rawValue))::bigint[], \(placed.map(\.isCreated))::boolean[])
                    """
                try session.commit(with: [sent] + (batch.map { [Queue.seal($0)] } ?? []))
                return placed
            }
            acknowledged += first...number
            waker.wake(placed)
            return true
        } catch let error as DatabaseError where error.kind == .connection {
            unanswered += requests.count
        } catch {
            faults.append("a request was refused: \(SafeText.of(error))")
        }
        return false
    }

    private func make(
        _ kind: String, pause: Int = 0, depth: Int = 0, runAt: Date? = nil, key: String? = nil, maxAttempts: Int = 100
    ) -> JobRequest {
        number += 1
        let payload = DeedPayload(number: number, pause: pause, depth: depth)
        let text = (try? payload.json) ?? JSON(text: "{}")
        return JobRequest(
            kind: kind, payload: text, priority: Int16.random(in: 0...3, using: &dice), runAt: runAt, uniqueKey: key,
            maxAttempts: maxAttempts)
    }

    private func request() -> JobRequest {
        let brief = Int.random(in: 0...30, using: &dice)
        // Beyond a lease's life, so that a process which is stopped meanwhile comes back to it as a zombie.
        let long = Int.random(in: 1_000...4_000, using: &dice)
        switch Int.random(in: 0..<1_000, using: &dice) {
        case 0..<150: return make(Plain.kind, pause: brief)
        case 150..<250: return make(Write.kind, pause: brief)
        case 250..<350:
            var request = make(Write.kind, pause: brief)
            request.tenant = "tenant \(Int.random(in: 0..<6, using: &dice))"
            return request
        case 350..<420: return make(Follow.kind)
        case 420..<480:
            var request = make(Write.kind, pause: brief)
            request.concurrency = Self.limits.randomElement(using: &dice)
            return request
        case 480..<600:
            let later = now().addingTimeInterval(Double.random(in: 0...3, using: &dice))
            return make(Write.kind, pause: brief, runAt: later)
        case 600..<720:
            return make(Write.kind, pause: brief, key: "k\(Int.random(in: 0..<25, using: &dice))")
        case 720..<740: return make(Linger.kind, pause: Int.random(in: 200...1_500, using: &dice))
        case 740..<820: return make(Flaky.kind)
        case 820..<840: return make(Hopeless.kind, pause: brief, maxAttempts: Hopeless.attempts)
        case 840..<890: return make(Snooze.kind)
        case 890..<945: return make(Stubborn.kind, pause: long)
        case 945..<985: return make(Chain.kind, pause: brief, depth: Int.random(in: 1...4, using: &dice))
        default: return make(Overdue.kind)
        }
    }
}
