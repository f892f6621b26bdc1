import Database
public import Documents
import Foundation
public import Jobs
public import StateMachines
public import Workflows

/// `send_dunning_notice`: one mail per partner and day that lists all its open invoices (J-02, J-05, R-13).
public struct SendDunningNoticeHandler: JobHandler {
    /// `send_dunning_notice`.
    public static let kind = "send_dunning_notice"
    /// Half a day of tries.
    ///
    /// Source: J-07.
    public let retry = RetryPolicy.network
    /// A mail server that takes longer than this is tried again later.
    public let timeLimit = Duration.seconds(120)
    /// The template of the mail.
    private static let template = "payment_reminder"
    private let delivery: MailDelivery
    private let templates: MailTemplates
    private let company: CompanyProfile
    private let calendar: CompanyCalendar

    /// Makes a handler.
    public init(
        delivery: MailDelivery, templates: MailTemplates, company: CompanyProfile, calendar: CompanyCalendar
    ) {
        (self.delivery, self.templates, self.company) = (delivery, templates, company)
        self.calendar = calendar
    }

    /// Adds a stage to the partner's mail of the day, or sends that mail, and completes.
    ///
    /// - Parameters:
    ///   - job: The invoice, and the stage of the ladder as `stage`.
    ///   - context: The job's context.
    /// - Throws: `JobFailure`; what filling or the database throws.
    public func run(_ job: RecordJob, in context: JobContext) async throws {
        guard let name = job.with["stage"], let stage = PaymentReminder.Stage(rawValue: name) else {
            throw JobFailure.discard("the reminder ladder has no such stage")
        }
        let (delivery, templates, company, calendar) = (delivery, templates, company, calendar)
        let messageID = delivery.messageID(of: context)
        let (id, now) = (context.id, context.now())
        let day = ReminderDay(calendar.day(of: now), since: calendar.midnight(of: now))
        try await delivery.deliver(
            for: context,
            isTrue: { session in try DueReminder.read(job.record, stage: name, on: day, in: session) != nil },
            compose: { session in
                guard let due = try DueReminder.read(job.record, stage: name, on: day, in: session) else { return nil }
                guard let paper = try InvoicePaper.read(job.record, event: job.event, zone: company.zone, in: session),
                    !paper.billingContacts.isEmpty
                else { throw JobFailure.discard("the partner has no active finance user or owner to send this to") }
                guard !due.wasMailedToday else {
                    // The mail of this day lists this invoice too.
                    try session.execute(DueReminder.note(job.record, stage: name, at: now))
                    return nil
                }
                let reminder = PaymentReminder(
                    stage: stage, seller: company.letterhead, buyer: paper.buyer,
                    items: due.open.map { PaymentReminder.Item($0, today: day.date) },
                    totalDueCents: due.open.reduce(0) { $0 + $1.amountDueCents }, howToPay: company.howToPay)
                let filled = try templates.fill(Self.template, with: reminder.templateValues)
                return OutboundEmail(
                    jobID: id.rawValue, machine: job.machine, record: job.record, template: Self.template,
                    messageID: messageID, recipients: paper.billingContacts, subject: filled.subject,
                    text: filled.text, html: filled.html, fileIDs: [], state: delivery.initialState, createdAt: now)
            },
            left: { session in try session.execute(DueReminder.note(job.record, stage: name, at: now)) })
    }
}

extension PaymentReminder.Item {
    init(_ invoice: InvoiceSummary, today: StateMachines.CalendarDay) {
        self.init(
            number: invoice.number, orderNumber: invoice.orderNumber, dueOn: invoice.dueDate.printed,
            daysLate: max(0, today.daysSince1970 - invoice.dueDate.daysSince1970), dueCents: invoice.amountDueCents)
    }
}
