import Database
import Foundation
import Jobs
import StateMachines
import Workflows

/// Lets the demo's time pass: its moves in order, and before each the timers that were due by then.
///
/// Safe to be played again after it was cut short: the commands' ids come from the files.
struct DemoPlayer {
    /// The product does not let something happen that the demo tells.
    struct Refused: Error, CustomStringConvertible {
        let what: String
        let refusal: Refusal

        var description: String {
            "The demo's \(what) was refused: "
                + refusal.reasons.map { "\($0.code): \($0.message)" }.joined(separator: "; ")
        }
    }

    /// More than this in a row mean that a timer arms itself again and again.
    private static let mostFirings = 10_000
    /// Why jobs of the past were ended.
    private static let reason = "planted"
    /// What is done inside the house and harms nobody; all else would go out to people.
    private static let inside = [
        "generate_pdf", "refresh_partner_figures", "roll_up_sales",
    ]

    let engine: Engine
    let pool: Pool
    /// As the owner of the tables, for what is not governed.
    let owner: Pool
    let calendar: DemoCalendar
    var names: DemoNames

    init(engine: Engine, pool: Pool, owner: Pool, calendar: DemoCalendar, names: DemoNames) {
        (self.engine, self.pool, self.owner) = (engine, pool, owner)
        (self.calendar, self.names) = (calendar, names)
    }

    /// Plays steps up to the reference moment; later ones have not happened.
    mutating func play(_ steps: [DemoStep]) async throws {
        let told = try steps.enumerated().map { index, step in
            (at: try calendar.moment(step.at), written: step.at, index: index, step: step)
        }
        // What is put on the first together keeps the order in which it was written.
        let sorted = told.sorted { ($0.at, $0.written, $0.index) < ($1.at, $1.written, $1.index) }
        for entry in sorted where entry.at <= calendar.reference {
            try await pass(to: entry.at)
            try await perform(entry.step, at: entry.at)
        }
        try await pass(to: calendar.reference)
        try await tellOfLowStock()
        _ = try await pool.query(
            Queue.cancel(causedBy: "SELECT id FROM workflow_events", reason: Self.reason, sparing: Self.inside))
    }

    /// Writes the notices of what is low by now; their mails count as sent.
    private func tellOfLowStock() async throws {
        let moment = calendar.reference
        for row in try await pool.query(LowStockNotices.untold(limit: Self.mostFirings)) {
            let write = LowStockNotices.write(
                product: try row.value("id"), crossing: try row.value("crossing"), now: moment)
            let mails = try await pool.query(write).map { try $0.value("id", as: UUID.self) }
            _ = try await owner.query(
                "UPDATE notification_deliveries SET state = 'sent', sent_at = \(moment) WHERE id = ANY(\(mails))")
        }
    }

    /// Fires what is due by then, each at its own moment.
    private mutating func pass(to moment: Date) async throws {
        for _ in 0..<Self.mostFirings {
            // A star asks that a record's timers be derived again, whenever the row was written.
            let due = try await pool.query(
                """
                SELECT machine, record_id, timer, counted_from, occurrence, moment,
                    CASE WHEN timer = '*' THEN NULL ELSE fire_at END AS fires
                FROM workflow_timers WHERE timer = '*' OR fire_at <= \(moment)
                ORDER BY timer <> '*', fire_at, moment, machine, record_id, timer LIMIT 1
                """)
            guard let row = due.first else { return }
            try await engine.fire(DueTimer(row), now: try row.optional("fires") ?? moment)
            try await runReactions(at: try row.optional("fires") ?? moment)
        }
    }

    private mutating func perform(_ step: DemoStep, at moment: Date) async throws {
        switch step.action {
        case .move(let move):
            try await perform(command(for: move), named: "\(move.move) of \(move.of) at \(move.at)", at: moment)
        case .rows(let rows):
            var statements: [SQL] = []
            for row in rows {
                var ids: [UUID] = []
                for name in row.names { ids.append(try await names.id(name)) }
                statements.append(row.statement(ids))
            }
            let all = statements
            _ = try await owner.transaction { session in try session.pipeline(all) }
        case .scan(let scan):
            let shipment = try await names.id(scan.of ?? "")
            let event = TrackingFeed.Event(
                carrierEventID: "\(scan.status) \(scan.at)", status: scan.status, location: scan.location,
                occurredAt: moment)
            if let command = try await TrackingFeed(pool: pool).take([event], of: shipment, now: moment) {
                try await perform(command, named: "scan of \(scan.of ?? "") at \(scan.at)", at: moment)
            }
        case .readings(let shipment, let sensor, let readings):
            let taken = try readings.map {
                ColdChain.Reading(sensor: sensor, at: try calendar.moment($0.at), hundredths: $0.hundredths)
            }
            let command = try await TemperatureFeed(pool: pool).take(
                taken, from: .logger, of: try await names.id(shipment), now: moment)
            if let command { try await perform(command, named: "readings of \(shipment)", at: moment) }
        case .payroll(let approver):
            try await payroll(by: names.actor(approver), at: moment)
        }
    }

    private mutating func command(for move: DemoMove) async throws -> Command {
        let parts = move.move.split(separator: ".").map(String.init)
        guard parts.count == 2 else { throw DemoNames.Unknown(name: move.move) }
        return Command(
            id: UUID(derivedFrom: "drizzl demo command", move.of, move.move, move.at), machine: parts[0],
            record: try await names.id(move.of), move: parts[1], inputs: try await names.inputs(move.with ?? [:]),
            actor: try await names.actor(move.by))
    }

    private mutating func perform(_ command: Command, named what: String, at moment: Date) async throws {
        if case .refused(let refusal) = try await engine.perform(command, now: moment) {
            throw Refused(what: what, refusal: refusal)
        }
        try await runReactions(at: moment)
    }

    /// What the engine left to transactions of its own; done, it is ended, so that nothing runs it a second time.
    private func runReactions(at moment: Date) async throws {
        let jobs = try await pool.query(
            """
            SELECT payload FROM queue.jobs j
            WHERE kind = \(LaterReaction.kind) AND EXISTS (SELECT FROM queue.ready r WHERE r.job_id = j.id)
            ORDER BY id
            """)
        for job in jobs {
            let payload = Data(try job.value("payload", as: JSON.self).text.utf8)
            let later = try JSONDecoder().decode(LaterReaction.self, from: payload)
            try await engine.run(later, now: moment)
            _ = try await pool.query(
                Queue.cancel(causedBy: "SELECT \(later.event)::uuid", reason: Self.reason, sparing: Self.inside))
        }
    }

    /// Closes the month before: its bonuses, what can be approved, and its payout.
    private mutating func payroll(by approver: Actor, at moment: Date) async throws {
        let today = CalendarDay(moment, in: calendar.zone)
        let month = EarningPeriod(monthOf: today.adding(days: -today.parts.day))
        _ = try await ClosePeriod(engine: engine, pool: pool).run(month, now: moment)
        let waiting = try await pool.query(
            """
            SELECT id FROM commissions
            WHERE status = 'pending' AND reversed_at IS NULL AND approvable_at IS NOT NULL AND period_end <= \(month.end)
            ORDER BY id
            """)
        for row in waiting {
            let id = try row.value("id", as: UUID.self)
            let command = Command(
                id: UUID(derivedFrom: "drizzl demo approval", id.uuidString), machine: CommissionLifecycle.machine,
                record: id, move: "approve", actor: approver)
            try await perform(command, named: "approval of a commission", at: moment)
        }
        _ = try await PayoutRun(engine: engine, pool: pool).run(month, now: moment)
        // What was mailed in the past is not mailed again.
        _ = try await pool.query(StatementPaper.ask(limit: Self.mostFirings, now: moment))
    }
}
