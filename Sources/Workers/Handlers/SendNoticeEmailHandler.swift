import Database
import Foundation
public import Jobs
import Workflows

/// `send_notice_email`: one notice to one person by mail (J-07).
public struct SendNoticeEmailHandler: JobHandler {
    /// `send_notice_email`.
    public static let kind = "send_notice_email"
    /// Half a day of tries.
    ///
    /// Source: J-07.
    public let retry = RetryPolicy.network
    /// A mail server that takes longer than this is tried again later.
    public let timeLimit = Duration.seconds(120)
    private let mail: PortalMail

    /// Makes a handler.
    ///
    /// - Parameter mail: How the mail is filled and leaves.
    public init(mail: PortalMail) {
        self.mail = mail
    }

    /// Sends one mail and notes that it left (N-33), or that it was no longer worth sending.
    ///
    /// - Parameters:
    ///   - job: The delivery.
    ///   - context: The job's context.
    /// - Throws: `JobFailure`; what filling or the database throws.
    public func run(_ job: NoticeEmailJob, in context: JobContext) async throws {
        let (mail, now) = (mail, context.now())
        try await mail.delivery.deliver(
            for: context,
            isTrue: { session in try NoticeMail.read(job.delivery, in: session) != nil },
            compose: { session in
                guard let notice = try NoticeMail.read(job.delivery, in: session) else {
                    try session.execute(NoticeMail.note(suppressed: job.delivery, because: "read or switched off"))
                    return nil
                }
                let words = PortalMail.Words(
                    greetingName: notice.name, email: notice.email, title: notice.title, message: notice.message,
                    path: notice.path, machine: notice.machine, record: notice.record)
                return try mail.mail(words, as: "notice", for: context)
            },
            left: { session in try session.execute(NoticeMail.note(sent: job.delivery, at: now)) })
    }
}
