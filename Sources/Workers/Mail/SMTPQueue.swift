internal import Documents
import Foundation

/// Mails on their way to the threads that send them.
///
/// Unchecked, because every stored property is touched only while `condition` is locked.
final class SMTPQueue: @unchecked Sendable {
    struct Job {
        let id: UUID
        let message: MailMessage
        let continuation: CheckedContinuation<Result<Void, MailError>, Never>
    }

    private let condition = NSCondition()
    private var jobs: [Job] = []
    private var isStopped = false

    /// Adds a mail, unless the queue is stopped or the calling task cancelled: then it is answered at once.
    func add(_ job: Job) {
        let refusal: MailError? = condition.withLock {
            if isStopped { return .temporary(code: nil, text: "The mail transport is shut down.") }
            // Cancellation sets the flag first and calls `cancel` after, so either this sees it or `cancel` finds the job.
            if Task.isCancelled { return Self.cancelled }
            jobs.append(job)
            condition.signal()
            return nil
        }
        if let refusal { job.continuation.resume(returning: .failure(refusal)) }
    }

    /// Takes back a mail that no thread has begun; one that is being sent is not torn, since nobody would know its fate.
    func cancel(_ id: UUID) {
        let job: Job? = condition.withLock {
            jobs.firstIndex { $0.id == id }.map { jobs.remove(at: $0) }
        }
        job?.continuation.resume(returning: .failure(Self.cancelled))
    }

    /// The next mail; waits for one.
    ///
    /// `nil` when the queue is stopped and empty: then the thread may end.
    func next() -> Job? {
        condition.withLock {
            while jobs.isEmpty, !isStopped { condition.wait() }
            return jobs.isEmpty ? nil : jobs.removeFirst()
        }
    }

    /// No more mails; what is waiting is still sent.
    func stop() {
        condition.withLock {
            isStopped = true
            condition.broadcast()
        }
    }

    private static let cancelled = MailError.temporary(code: nil, text: "The sending was cancelled before it began.")
}
