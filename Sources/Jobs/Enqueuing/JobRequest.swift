public import Database
public import Foundation

/// A job as it is asked for.
///
/// Once it is in the queue, none of this changes.
public struct JobRequest: Sendable, Hashable, Codable {
    /// What is to be done: a verb such as `send_email`, stable for ever, for rows outlive code.
    public var kind: String
    /// What the handler needs: ids, not copies of personal data.
    public var payload: JSON
    /// The queue whose workers take it.
    public var queue: String
    /// 0 goes before 1, and so on to 3; see ``JobPriority``.
    public var priority: Int16
    /// When it is to run, by the caller's clock; `nil` is at once.
    public var runAt: Date?
    /// Of all live jobs of one kind with the same key there is only one; see ``Queue/enqueue(_:now:)``.
    public var uniqueKey: String?
    /// How often it is tried at most; its handler's own policy may allow fewer.
    public var maxAttempts: Int
    /// The workflow event that caused it.
    public var eventID: UUID?
    /// The record it is about, whose page shows it.
    public var subject: JobSubject?
    /// The W3C trace context of the request that caused it.
    public var traceParent: String?
    /// How many jobs with the same key run at the same time.
    public var concurrency: ConcurrencyLimit?
    /// How many jobs with the same key begin in a stretch of time.
    public var rate: RateLimit?
    /// Whose job it is: workers serve tenants in turn, however many jobs one of them has.
    public var tenant: String?
    /// The batch it belongs to, which is not sealed yet.
    public var batch: BatchID?
    /// What has to succeed before it begins.
    public var after: [JobDependency] = []
    /// What becomes of it when its worker is lost.
    public var onLoss = LossPolicy.retry

    /// Describes a job.
    ///
    /// - Parameters:
    ///   - kind: What is to be done.
    ///   - payload: What the handler needs, as JSON.
    ///   - queue: The queue whose workers take it.
    ///   - priority: From 0, the most urgent, to 3.
    ///   - runAt: When it is to run; `nil` is at once.
    ///   - uniqueKey: What makes two requests of this kind the same.
    ///   - maxAttempts: How often it is tried at most.
    ///   - eventID: The workflow event that caused it.
    ///   - subject: The record it is about.
    ///   - traceParent: The trace context of the request that caused it.
    ///   - concurrency: How many jobs with the same key run at the same time.
    ///   - rate: How many jobs with the same key begin in a stretch of time.
    ///   - tenant: Whose job it is.
    ///   - batch: The batch it belongs to.
    ///   - after: What has to succeed before it begins.
    ///   - onLoss: What becomes of it when its worker is lost.
    public init(
        kind: String, payload: JSON, queue: String = "default", priority: Int16 = JobPriority.notice,
        runAt: Date? = nil, uniqueKey: String? = nil, maxAttempts: Int = 20, eventID: UUID? = nil,
        subject: JobSubject? = nil, traceParent: String? = nil, concurrency: ConcurrencyLimit? = nil,
        rate: RateLimit? = nil, tenant: String? = nil, batch: BatchID? = nil, after: [JobDependency] = [],
        onLoss: LossPolicy = .retry
    ) {
        self.kind = kind
        self.payload = payload
        self.queue = queue
        self.priority = priority
        self.runAt = runAt
        self.uniqueKey = uniqueKey
        self.maxAttempts = maxAttempts
        self.eventID = eventID
        self.subject = subject
        self.traceParent = traceParent
        self.concurrency = concurrency
        self.rate = rate
        self.tenant = tenant
        self.batch = batch
        self.after = after
        self.onLoss = onLoss
    }
}

/// The record a job is about.
public struct JobSubject: Hashable, Sendable, Codable {
    /// The machine that governs the record, such as `invoice`.
    public let machine: String
    /// The record's id.
    public let recordID: UUID

    /// Names a record.
    public init(machine: String, recordID: UUID) {
        self.machine = machine
        self.recordID = recordID
    }
}

/// The four priorities; a lower number goes first.
public enum JobPriority {
    /// Somebody waits for it: messages and documents asked for on a page.
    public static let interactive: Int16 = 0
    /// Notices; the usual one.
    public static let notice: Int16 = 1
    /// Bulk: broadcasts and synchronisation.
    public static let bulk: Int16 = 2
    /// Roll-ups and counters.
    public static let rollUp: Int16 = 3
    /// All of them, in the order in which they are served.
    public static let all: [Int16] = [interactive, notice, bulk, rollUp]
}
