public import Foundation
import Jobs
import StateMachines

/// Something about the works themselves that is wrong at this moment.
public struct SystemAlert: Sendable, Hashable {
    /// What is wrong.
    public enum Kind: String, Sendable, CaseIterable {
        /// Jobs of a kind were given up.
        case deadJobs = "dead_jobs"
        /// Jobs that are ready wait for longer than they should.
        case slowQueue = "slow_queue"
        /// Jobs are ready and no process looks after their queue.
        case noWorker = "no_worker"
        /// A schedule's moment has passed and nothing was asked for.
        case missedSchedule = "missed_schedule"
        /// Timers of records should have fired.
        case lateTimers = "late_timers"
        /// The mail server refused mails.
        case refusedMail = "refused_mail"
    }

    /// What is wrong.
    public var kind: Kind
    /// Of what: a kind of job, a queue, a schedule.
    public var subject: String
    /// How many are concerned.
    public var count: Int
    /// Since when.
    public var since: Date
    /// What was said last; nil when nothing was.
    public var lastError: String?
    /// Who has taken note of it; nil while nobody has.
    public var acknowledged: AlertNote?

    var json: JSONValue {
        .object([
            "kind": .string(kind.rawValue), "subject": .string(subject), "count": .count(count),
            "since": .moment(since), "last_error": .text(lastError),
            "acknowledged": acknowledged?.json ?? .null,
        ])
    }

    static let schema = Schema.object([
        .init("kind", .choice(Kind.allCases.map(\.rawValue))), .init("subject", .text()), .init("count", .integer()),
        .init("since", .moment), .init("last_error", .optional(.text(0...100_000))),
        .init("acknowledged", .optional(AlertNote.schema)),
    ])

    /// How long something that is due may be late before it is an alert.
    static let patience: TimeInterval = 300

    init(_ failed: FailedKind) {
        (kind, subject, count) = (.deadJobs, failed.kind, failed.jobs)
        (since, lastError) = (failed.since, failed.lastError)
    }

    init(_ kind: Kind, _ subject: String, count: Int, since: Date) {
        (self.kind, self.subject, self.count, self.since) = (kind, subject, count, since)
    }

    /// What is wrong with a queue; a paused one waits because somebody wants it to.
    static func alerts(of queue: QueueOverview, workers: [QueueWorker], now: Date) -> [SystemAlert] {
        guard queue.pausedAt == nil, queue.ready > 0, let age = queue.oldestReadyAge else { return [] }
        let since = now.addingTimeInterval(-(age / .milliseconds(1)) / 1_000)
        let isServed = workers.contains { $0.queues.contains(queue.queue) && $0.takesJobs(at: now) }
        if !isServed { return [SystemAlert(.noWorker, queue.queue, count: queue.ready, since: since)] }
        guard now.timeIntervalSince(since) > patience else { return [] }
        return [SystemAlert(.slowQueue, queue.queue, count: queue.ready, since: since)]
    }

    /// Whether a schedule has missed its moment.
    static func alert(of schedule: StoredSchedule, now: Date) -> SystemAlert? {
        guard schedule.pausedAt == nil, now.timeIntervalSince(schedule.nextFireAt) > patience else { return nil }
        return SystemAlert(.missedSchedule, schedule.name, count: 1, since: schedule.nextFireAt)
    }
}
