internal import Jobs
internal import Synchronization

/// Why a running job is stopped from outside.
enum StopCause: Sendable, Equatable {
    /// It took longer than its handler allows.
    case timeLimit(Duration)
    /// The process can no longer be sure that the job is its own.
    case fenced
    /// The process ends.
    case shutdown
    /// Somebody has called the job off.
    case cancelled
}

/// One job whose handler runs.
///
/// It is concluded exactly once: by its handler's end, or from outside when the handler does not end.
final class RunningJob: Sendable {
    private struct State {
        var task: Task<Void, Never>?
        var cause: StopCause?
        var stoppedAt: ContinuousClock.Instant?
        var isConcluded = false
        var hasEnded = false
    }

    let job: ClaimedJob
    let startedAt: ContinuousClock.Instant
    let timeLimit: Duration
    let ending: JobEnding
    let reporter: JobReporter
    private let state = Mutex(State())

    init(
        job: ClaimedJob, ending: JobEnding, reporter: JobReporter, timeLimit: Duration,
        startedAt: ContinuousClock.Instant
    ) {
        self.job = job
        self.ending = ending
        self.reporter = reporter
        self.timeLimit = timeLimit
        self.startedAt = startedAt
    }

    /// Whether its handler has ended after it was left to itself.
    var hasEnded: Bool { state.withLock(\.hasEnded) }

    /// Says that its handler has ended after it was left to itself.
    func markEnded() { state.withLock { $0.hasEnded = true } }

    /// Why it was stopped from outside, if it was.
    var cause: StopCause? { state.withLock(\.cause) }

    /// Says which task runs the handler.
    func attach(_ task: Task<Void, Never>) {
        let isStopped = state.withLock { state in
            state.task = task
            return state.cause != nil
        }
        if isStopped { task.cancel() }
    }

    /// Cancels the handler's task; the first cause counts.
    func stop(because cause: StopCause, at instant: ContinuousClock.Instant) {
        let task = state.withLock { state -> Task<Void, Never>? in
            guard state.cause == nil else { return nil }
            state.cause = cause
            state.stoppedAt = instant
            return state.task
        }
        task?.cancel()
    }

    /// Whether it was stopped and should have ended by now.
    func isStuck(at instant: ContinuousClock.Instant, grace: Duration) -> Bool {
        state.withLock { state in state.stoppedAt.map { instant - $0 >= grace } ?? false }
    }

    /// Takes the right to conclude the job; `false` when somebody has it already.
    func conclude() -> Bool {
        state.withLock { state in
            defer { state.isConcluded = true }
            return !state.isConcluded
        }
    }
}
