import Database
public import Documents
import Foundation
public import Jobs
public import Workflows

/// `remind_meeting`: reminds the rep of a meeting, in the portal and by mail (J-01, N-11, R-23).
///
/// Late is better than never until the meeting begins. One that was moved has a reminder of its own at its new time.
public struct RemindMeetingHandler: JobHandler {
    /// `remind_meeting`.
    public static let kind = "remind_meeting"
    /// Tried until the meeting begins.
    ///
    /// Source: J-01.
    public let retry = RetryPolicy.network
    /// A mail server that takes longer than this is tried again later.
    public let timeLimit = Duration.seconds(120)
    private static let template = "meeting_reminder"
    private let delivery: MailDelivery
    private let templates: MailTemplates
    private let company: CompanyProfile

    /// Makes a handler.
    public init(delivery: MailDelivery, templates: MailTemplates, company: CompanyProfile) {
        (self.delivery, self.templates, self.company) = (delivery, templates, company)
    }

    /// Sends one reminder and completes.
    ///
    /// - Parameters:
    ///   - job: The activity.
    ///   - context: The job's context.
    /// - Throws: `JobFailure`; what filling or the database throws.
    public func run(_ job: RecordJob, in context: JobContext) async throws {
        let (delivery, templates, company) = (delivery, templates, company)
        let (id, messageID, clock) = (context.id, delivery.messageID(of: context), context.now)
        let seen = try await delivery.pool.run { session in
            try Meeting.read(job.record, since: job.event, in: session)
        }
        if let seen, seen.isAhead, let start = seen.startsAt, start <= clock() {
            context.remark("missed: the meeting has begun")
            return
        }
        let due: @Sendable (Session) throws -> Meeting? = { session in
            guard let meeting = try Meeting.read(job.record, since: job.event, in: session), meeting.isAhead,
                let start = meeting.startsAt, start > clock()
            else { return nil }
            return meeting
        }
        try await delivery.deliver(
            for: context, isTrue: { session in try due(session) != nil },
            compose: { session in
                guard let meeting = try due(session), let address = meeting.rep.email else { return nil }
                let now = clock()
                try MeetingNotice.write(meeting, now: now, in: session)
                let filled = try templates.fill(
                    Self.template, with: meeting.letter(to: meeting.rep, .near, of: company).templateValues)
                return OutboundEmail(
                    jobID: id.rawValue, machine: job.machine, record: job.record, template: Self.template,
                    messageID: messageID, recipients: [address], subject: filled.subject, text: filled.text,
                    html: filled.html, fileIDs: [], state: delivery.initialState, createdAt: now)
            })
    }
}

extension Meeting {
    /// Whether it still stands as it did when the reminder was asked for.
    fileprivate var isAhead: Bool { state == "scheduled" && !isOvertaken }
}
