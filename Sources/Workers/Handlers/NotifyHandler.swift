import Database
public import Foundation
public import Jobs
public import Workflows

/// `notify`: tells people of something, each once, and queues the mails (J-07).
public struct NotifyHandler: JobHandler {
    /// `notify`.
    public static let kind = "notify"
    /// Nothing but the database is asked.
    public let retry = RetryPolicy.database
    /// A statement or two.
    public let timeLimit = Duration.seconds(30)
    private let waker: QueueWaker

    /// Makes a handler.
    ///
    /// - Parameter waker: Told when mails were queued.
    public init(waker: QueueWaker) {
        self.waker = waker
    }

    /// Writes the notices and queues a job for each mail, in the transaction that completes the job.
    ///
    /// - Parameters:
    ///   - job: The record and its event, with `who` and `about`.
    ///   - context: The job's context.
    /// - Throws: `JobFailure.discard` when there is no such record, notice or recipient; what the database throws.
    public func run(_ job: RecordJob, in context: JobContext) async throws {
        let now = context.now()
        let mails = try await context.transaction { session in
            do {
                let deliveries = try Notices.write(job, now: now, in: session)
                if !deliveries.isEmpty {
                    try session.execute(Queue.enqueue(try deliveries.map { try Self.request($0, for: job) }, now: now))
                }
                return deliveries.count
            } catch let fault as Notices.Fault {
                throw JobFailure.discard(fault.description)
            }
        }
        if mails > 0 { waker.wake(["default"]) }
    }

    private static func request(_ delivery: Notices.Delivery, for job: RecordJob) throws -> JobRequest {
        let payload = try NoticeEmailJob(delivery: delivery.id).encoded
        return JobRequest(
            kind: SendNoticeEmailHandler.kind, payload: payload, uniqueKey: delivery.id.uuidString, eventID: job.event,
            subject: JobSubject(machine: job.machine, recordID: job.record))
    }
}

/// What a job of the kind `send_notice_email` carries.
public struct NoticeEmailJob: Codable, Sendable {
    /// The delivery that is to be made.
    public var delivery: UUID

    /// Names a delivery.
    public init(delivery: UUID) {
        self.delivery = delivery
    }

    var encoded: JSON {
        get throws { JSON(text: String(decoding: try JSONEncoder().encode(self), as: UTF8.self)) }
    }
}
