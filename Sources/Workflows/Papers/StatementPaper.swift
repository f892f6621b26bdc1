public import Database
public import Documents
public import Foundation
public import Jobs
import StateMachines

/// A payout's statement, and to whom it goes.
public struct StatementPaper: Sendable {
    /// The statement.
    public var statement: CommissionStatement
    /// The rep's address.
    public var email: String

    /// Reads the statement of a payout in one round trip.
    ///
    /// - Parameters:
    ///   - request: The payout.
    ///   - session: A session or transaction.
    /// - Returns: nil when there is no such payout, or it is not paid.
    /// - Throws: `DatabaseError`.
    public static func read(_ request: PaperRequest, in session: Session) throws -> StatementPaper? {
        let results = try session.pipeline([head(of: request.record), lines(of: request.record)])
        guard let row = results[0].rows.first else { return nil }
        let zone = request.company.zone
        let lines = try results[1].rows.map { try CommissionStatement.Line($0, zone: zone) }
        let period = try row.value("period", as: CalendarDay.self).printed.split(separator: " ")
        let statement = CommissionStatement(
            letterhead: request.company.letterhead, rep: try row.value("rep"),
            employeeID: try row.value("employee_id"), position: try row.optional("title"),
            period: [period.first, period.last].compactMap(\.self).joined(separator: " "),
            payOn: try row.value("pay_on", as: CalendarDay.self).printed, lines: lines,
            totals: .init(
                linesCents: lines.reduce(0) { $0 + $1.amountCents },
                carriedOverCents: try row.value("carried_in_cents"), payoutCents: try row.value("amount_cents"),
                carriedForwardCents: try row.value("carried_forward_cents")))
        return StatementPaper(statement: statement, email: try row.value("email"))
    }

    /// Attaches the PDF to the payout.
    public static func attach(file key: String, to payout: UUID) -> SQL {
        """
        UPDATE payouts SET statement_file_id = (SELECT id FROM files WHERE document_key = \(key)) WHERE id = \(payout)
        """
    }

    /// The kind of the job that renders and mails a statement.
    public static let job = "send_statement"

    /// Notes that statements are asked for, in the transaction that queues their jobs.
    ///
    /// - Parameters:
    ///   - limit: For how many payouts at most, the oldest first.
    ///   - now: The present, UTC.
    /// - Returns: The statement, which gives the `id` of each payout that was paid and whose statement nobody has asked for
    ///   before.
    public static func ask(limit: Int, now: Date) -> SQL {
        """
        UPDATE payouts SET statement_asked_at = \(now)
        WHERE id IN (
            SELECT id FROM payouts WHERE status = 'paid' AND statement_asked_at IS NULL
            ORDER BY period, id LIMIT \(limit) FOR NO KEY UPDATE SKIP LOCKED)
        RETURNING id
        """
    }

    /// The job that renders and mails the statement of a payout, once.
    ///
    /// - Parameter payout: The payout; there is no event, so it stands for its own.
    /// - Returns: The request.
    /// - Throws: `EncodingError`, which ids never cause.
    public static func request(for payout: UUID) throws -> JobRequest {
        JobRequest(
            kind: job, payload: RecordJob(machine: "payout", record: payout, event: payout, with: [:]).encoded,
            uniqueKey: "statement/\(payout)", subject: JobSubject(machine: "payout", recordID: payout))
    }

    private static func head(of payout: UUID) -> SQL {
        """
        SELECT r.first_name || ' ' || r.last_name AS rep, r.employee_id, r.title, r.email::text AS email, p.period,
            p.pay_on, p.amount_cents, p.carried_in_cents, p.carried_forward_cents
        FROM payouts p JOIN sales_reps r ON r.id = p.sales_rep_id
        WHERE p.id = \(payout) AND p.status = 'paid'
        """
    }

    private static func lines(of payout: UUID) -> SQL {
        """
        SELECT c.type, c.base_value_cents, c.rate_bp, c.amount_cents, coalesce(e.as_of, c.created_at) AS earned_at,
            coalesce(o.order_number || ' · ' || op.business_name, o.order_number, p.business_name, d.name, c.reason, '')
                AS reference
        FROM commissions c
        LEFT JOIN workflow_events e ON e.machine = 'commission' AND e.record_id = c.id AND e.seq = 1
        LEFT JOIN orders o ON o.id = c.order_id
        LEFT JOIN partners op ON op.id = o.partner_id
        LEFT JOIN partners p ON c.reference_type = 'partner' AND p.id = c.reference_id
        LEFT JOIN deals d ON c.reference_type = 'deal' AND d.id = c.reference_id
        WHERE c.payout_id = \(payout) ORDER BY earned_at, c.id
        """
    }
}

extension CommissionStatement.Line {
    fileprivate init(_ row: Row, zone: TimeZone) throws {
        let type: String = try row.value("type")
        let hasRate = !["clawback", "adjustment"].contains(type)
        self.init(
            kind: PrintedText.word(type), reference: try row.value("reference"),
            earnedOn: CalendarDay(try row.value("earned_at", as: Date.self), in: zone).printed,
            baseCents: try row.value("base_value_cents"),
            rateBasisPoints: hasRate ? try row.value("rate_bp", as: Int.self) : nil,
            amountCents: try row.value("amount_cents"))
    }
}
