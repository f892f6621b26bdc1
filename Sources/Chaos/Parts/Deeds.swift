internal import Database
internal import Foundation
internal import Jobs
internal import Workers

/// The kinds of jobs of the play.
enum Deeds {
    static func all(_ ledger: Ledger) -> [any JobHandler] {
        [
            Deed<Plain>(ledger: ledger), Deed<Write>(ledger: ledger), Deed<Linger>(ledger: ledger),
            Deed<Flaky>(ledger: ledger), Deed<Hopeless>(ledger: ledger), Deed<Snooze>(ledger: ledger),
            Deed<Stubborn>(ledger: ledger), Deed<Chain>(ledger: ledger), Deed<Overdue>(ledger: ledger),
            Deed<Killer>(ledger: ledger), Deed<Callback>(ledger: ledger), Deed<Follow>(ledger: ledger),
        ]
    }

    /// The kinds whose success writes an effect.
    static let writing = [
        Write.kind, Linger.kind, Flaky.kind, Snooze.kind, Stubborn.kind, Chain.kind, Overdue.kind, Callback.kind,
        Follow.kind,
    ]
}

/// Ends well without a transaction of its own: its success is recorded with many others'.
enum Plain: DeedManner {
    static let kind = "chaos_plain"

    static func perform(
        _ payload: DeedPayload, _ run: Ledger.Run, _ context: JobContext, _ ledger: Ledger
    ) async throws {
        try await pause(payload)
    }
}

/// Writes in its job's transaction.
enum Write: DeedManner {
    static let kind = "chaos_write"

    static func perform(
        _ payload: DeedPayload, _ run: Ledger.Run, _ context: JobContext, _ ledger: Ledger
    ) async throws {
        try await pause(payload)
        try await context.transaction { session in try session.execute(ledger.effect(of: run)) }
    }
}

/// Keeps its transaction open for a while, so that processes and connections go in the middle of it.
enum Linger: DeedManner {
    static let kind = "chaos_linger"

    static func perform(
        _ payload: DeedPayload, _ run: Ledger.Run, _ context: JobContext, _ ledger: Ledger
    ) async throws {
        try await context.transaction { session in
            try session.execute(ledger.effect(of: run))
            try session.execute("SELECT pg_sleep(\(Double(payload.pause) / 1_000))")
        }
    }
}

/// Fails twice before it succeeds.
enum Flaky: DeedManner {
    static let kind = "chaos_flaky"

    static func perform(
        _ payload: DeedPayload, _ run: Ledger.Run, _ context: JobContext, _ ledger: Ledger
    ) async throws {
        guard context.attempt > 2 else { throw JobFailure.retry("not yet") }
        try await context.transaction { session in try session.execute(ledger.effect(of: run)) }
    }
}

/// Fails until it is given up.
enum Hopeless: DeedManner {
    static let kind = "chaos_hopeless"
    /// How often its jobs are tried.
    static let attempts = 3

    static func perform(
        _ payload: DeedPayload, _ run: Ledger.Run, _ context: JobContext, _ ledger: Ledger
    ) async throws {
        try await pause(payload)
        throw JobFailure.retry("never")
    }
}

/// Puts itself off twice, which counts as no attempt.
enum Snooze: DeedManner {
    static let kind = "chaos_snooze"

    static func perform(
        _ payload: DeedPayload, _ run: Ledger.Run, _ context: JobContext, _ ledger: Ledger
    ) async throws {
        guard context.lease.number > 2 else { throw JobFailure.snooze(.milliseconds(300), "too early") }
        try await context.transaction { session in try session.execute(ledger.effect(of: run)) }
    }
}

/// Takes longer than a lease lasts, does not hear that it is cancelled, and writes in the end: a zombie's way.
enum Stubborn: DeedManner {
    static let kind = "chaos_stubborn"

    static func perform(
        _ payload: DeedPayload, _ run: Ledger.Run, _ context: JobContext, _ ledger: Ledger
    ) async throws {
        // A task of its own, which nobody cancels.
        try await Task {
            try await pause(payload)
            try await context.transaction { session in try session.execute(ledger.effect(of: run)) }
        }.value
    }
}

/// Asks for the next job in its transaction, down to the last one.
enum Chain: DeedManner {
    static let kind = "chaos_chain"

    static func perform(
        _ payload: DeedPayload, _ run: Ledger.Run, _ context: JobContext, _ ledger: Ledger
    ) async throws {
        let next = DeedPayload(pause: payload.pause, depth: payload.depth - 1, parent: context.id.rawValue)
        let requests =
            payload.depth > 0 ? [JobRequest(kind: kind, payload: try next.json, maxAttempts: 100)] : []
        try await context.transaction { session in
            let placed = try session.query(Queue.enqueue(requests, now: context.now())).map {
                try JobPlacement(row: $0)
            }
            try session.execute(ledger.effect(of: run, children: placed.map(\.jobID)))
        }
        if !requests.isEmpty { ledger.waker.wake(["default"]) }
    }
}

/// Takes longer than it may at its first attempt.
enum Overdue: DeedManner {
    static let kind = "chaos_overdue"
    static let timeLimit: Duration = .milliseconds(400)

    static func perform(
        _ payload: DeedPayload, _ run: Ledger.Run, _ context: JobContext, _ ledger: Ledger
    ) async throws {
        if context.attempt == 1 { try await Task.sleep(for: .seconds(60)) }
        try await context.transaction { session in try session.execute(ledger.effect(of: run)) }
    }
}

/// Begins when another one has succeeded.
enum Follow: DeedManner {
    static let kind = "chaos_follow"

    static func perform(
        _ payload: DeedPayload, _ run: Ledger.Run, _ context: JobContext, _ ledger: Ledger
    ) async throws {
        try await context.transaction { session in try session.execute(ledger.effect(of: run)) }
    }
}

/// What is to be done when a batch has ended.
enum Callback: DeedManner {
    static let kind = "chaos_callback"

    static func perform(
        _ payload: DeedPayload, _ run: Ledger.Run, _ context: JobContext, _ ledger: Ledger
    ) async throws {
        try await context.transaction { session in try session.execute(ledger.effect(of: run)) }
    }
}

/// Takes its process with it.
enum Killer: DeedManner {
    static let kind = "chaos_killer"

    static func perform(
        _ payload: DeedPayload, _ run: Ledger.Run, _ context: JobContext, _ ledger: Ledger
    ) async throws {
        kill(getpid(), SIGKILL)
    }
}

extension DeedPayload {
    /// As a request carries it.
    var json: JSON {
        get throws { JSON(text: String(decoding: try JSONEncoder().encode(self), as: UTF8.self)) }
    }
}
