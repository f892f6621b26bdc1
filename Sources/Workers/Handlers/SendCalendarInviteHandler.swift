import Database
public import Documents
import Foundation
public import Jobs
public import Workflows

/// `send_calendar_invite`: tells the guest's calendar that a meeting is planned, moved or off (J-11, S-48).
///
/// One message for each UID and sequence. What was overtaken by a later change is not sent: the later one says it all.
public struct SendCalendarInviteHandler: JobHandler {
    /// `send_calendar_invite`.
    public static let kind = "send_calendar_invite"
    /// The methods that the vocabulary may name.
    static let methods: Set<String> = Set(Method.allCases.map(\.rawValue))
    /// Half a day of tries.
    ///
    /// Source: J-11.
    public let retry = RetryPolicy.network
    /// A mail server that takes longer than this is tried again later.
    public let timeLimit = Duration.seconds(120)
    private static let template = "meeting_invite"
    private let delivery: MailDelivery
    private let templates: MailTemplates
    private let company: CompanyProfile

    private enum Method: String, CaseIterable, Sendable {
        case request, update, cancel

        var calendar: CalendarInvite.Method { self == .cancel ? .cancel : .request }

        var occasion: MeetingLetter.Occasion {
            switch self {
            case .request: .planned
            case .update: .moved
            case .cancel: .cancelled
            }
        }
    }

    /// Makes a handler.
    public init(delivery: MailDelivery, templates: MailTemplates, company: CompanyProfile) {
        (self.delivery, self.templates, self.company) = (delivery, templates, company)
    }

    /// Sends one message and completes.
    ///
    /// - Parameters:
    ///   - job: The activity, and `request`, `update` or `cancel` as `method`.
    ///   - context: The job's context.
    /// - Throws: `JobFailure`; what filling or the database throws.
    public func run(_ job: RecordJob, in context: JobContext) async throws {
        guard let method = Method(rawValue: job.with["method"] ?? "") else {
            throw JobFailure.discard("calendars know no such method")
        }
        let (delivery, templates, company) = (delivery, templates, company)
        let (id, messageID, now) = (context.id, delivery.messageID(of: context), context.now())
        let isTrue: @Sendable (Session) throws -> Bool = { session in
            try Self.due(method, job, in: session) != nil
        }
        try await delivery.deliver(
            for: context, isTrue: isTrue,
            compose: { session in
                guard let meeting = try Self.due(method, job, in: session) else { return nil }
                guard let guest = meeting.guest, let address = guest.email else {
                    throw JobFailure.discard("the guest has no address")
                }
                let uid = meeting.uid ?? "\(meeting.id.uuidString.lowercased())@\(delivery.domain)"
                // Nobody is told that something is off of which they never heard.
                if method == .cancel, try !meeting.wasInvited(in: session) { return nil }
                guard let invite = meeting.invite(uid: uid, method: method.calendar, by: delivery.from, at: now) else {
                    throw JobFailure.discard("the meeting has no time")
                }
                let file = StoredFile(calendar: invite, of: job)
                let key = "invite/\(uid)/\(meeting.sequence)/\(method.calendar.rawValue)"
                try session.execute(StoredFile.insert(file, key: key))
                // Another job has said the same: a UID and a sequence go out once.
                guard try session.first(StoredFile.find(key: key)).map(StoredFile.init)?.id == file.id else {
                    return nil
                }
                let filled = try templates.fill(
                    Self.template, with: meeting.letter(to: guest, method.occasion, of: company).templateValues)
                return OutboundEmail(
                    jobID: id.rawValue, machine: job.machine, record: job.record, template: Self.template,
                    messageID: messageID, recipients: [address], subject: filled.subject, text: filled.text,
                    html: filled.html, fileIDs: [file.id], state: delivery.initialState, createdAt: now)
            })
    }

    /// The meeting, if this is still what there is to say about it.
    private static func due(_ method: Method, _ job: RecordJob, in session: Session) throws -> Meeting? {
        guard let meeting = try Meeting.read(job.record, since: job.event, in: session), !meeting.isOvertaken,
            (method == .cancel) == (meeting.state == "cancelled")
        else { return nil }
        return meeting
    }
}

extension Meeting {
    /// The meeting as calendars take it; nil when it has no time.
    fileprivate func invite(
        uid: String, method: CalendarInvite.Method, by sender: MailAddress, at now: Date
    ) -> CalendarInvite? {
        guard let start = startsAt, let guest, let address = guest.email else { return nil }
        return CalendarInvite(
            uid: uid, sequence: sequence, method: method, writtenAt: now, startsAt: start,
            endsAt: start.addingTimeInterval(Double(minutes) * 60),
            organizer: MailAddress(name: rep.name, address: rep.email ?? sender.address),
            attendees: [MailAddress(name: guest.name, address: address)], summary: subject, location: place,
            details: agenda.isEmpty ? nil : agenda.map { "- \($0)" }.joined(separator: "\n"))
    }
}
