public import Database
public import Foundation
public import StateMachines

/// The company's day on which a reminder goes out.
public struct ReminderDay: Sendable {
    /// The day.
    public var date: CalendarDay
    /// When it began, UTC.
    public var since: Date

    /// Names a day and its beginning.
    public init(_ date: CalendarDay, since: Date) {
        (self.date, self.since) = (date, since)
    }
}

/// What a stage of the reminder ladder finds when its time has come.
///
/// Source: R-13.
public struct DueReminder: Sendable {
    /// Whether the partner has had a reminder since the day began.
    public var wasMailedToday: Bool
    /// The partner's open invoices, oldest due first.
    public var open: [InvoiceSummary]

    /// Looks whether the stage is still to be sent, under the partner's lock, so that two invoices of one partner make
    /// one mail.
    ///
    /// - Parameters:
    ///   - invoice: The invoice.
    ///   - stage: The stage of the ladder.
    ///   - day: The company's day.
    ///   - session: The transaction in which the mail is written.
    /// - Returns: nil when nothing is to be sent: the invoice is no longer one to be reminded of, or the stage went out before.
    /// - Throws: `DatabaseError`.
    public static func read(
        _ invoice: UUID, stage: String, on day: ReminderDay, in session: Session
    ) throws -> DueReminder? {
        let results = try session.pipeline([
            """
            SELECT id FROM partners WHERE id = (SELECT partner_id FROM invoices WHERE id = \(invoice))
            FOR NO KEY UPDATE
            """,
            """
            SELECT EXISTS (SELECT FROM invoice_reminders WHERE invoice_id = \(invoice) AND stage = \(stage)) AS done
            """,
            """
            SELECT EXISTS (
                SELECT FROM outbound_emails m
                JOIN invoices i ON i.id = m.record_id
                WHERE m.machine = 'invoice' AND m.template = 'payment_reminder' AND m.created_at >= \(day.since)
                  AND m.state IN ('sending', 'sent', 'kept')
                  AND i.partner_id = (SELECT partner_id FROM invoices WHERE id = \(invoice))
            ) AS mailed
            """,
            InvoiceSummary.reminded(ofPartnerOf: invoice, today: day.date),
        ])
        let open = try results[3].rows.map(InvoiceSummary.init)
        guard open.contains(where: { $0.id == invoice }), try results[1].rows.first?.value("done") == false else {
            return nil
        }
        return DueReminder(wasMailedToday: try results[2].rows.first?.value("mailed") ?? false, open: open)
    }

    /// Notes that a stage has gone out, by a mail of its own or with the partner's mail of that day.
    public static func note(_ invoice: UUID, stage: String, at now: Date) -> SQL {
        """
        INSERT INTO invoice_reminders (invoice_id, stage, sent_at) VALUES (\(invoice), \(stage), \(now))
        ON CONFLICT DO NOTHING
        """
    }
}
