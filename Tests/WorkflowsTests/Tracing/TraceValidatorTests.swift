import Database
import Foundation
import StateMachines
import Testing
import Workflows

/// The validator on a real database, whose rows somebody with every right has falsified.
@Suite("what the database holds, judged by the lifecycles", .serialized)
struct TraceValidatorTests {
    /// Records on paper that went through everything that leaves a trace.
    struct Story: Sendable {
        /// Disputed, paid, reopened.
        var reopened: UUID
        /// Open, with a timer that has fired and others that are armed.
        var waiting: UUID
        /// Cancelled because its order was.
        var cancelled: UUID
    }

    private struct Falsification {
        var what: String
        var sql: SQL
        /// What the validator says, in part.
        var says: String
        var record: UUID?
    }

    @Test("is sound as the engine leaves it, whatever the length of the pages")
    func sound() async throws {
        try await MatrixBed.with { bed in
            let story = try await story(bed)
            for page in [1_000, 1, 3] {
                let report = try await TraceValidator(bed.words, page: page).judge(bed.pool)
                #expect(report.violations.map(\.sentence) == [])
                let invoices = try #require(report.machines.first { $0.machine == "invoice" })
                #expect(invoices.records == 3)
                #expect(invoices.events >= 8)
                #expect(invoices.timers >= 2)
                #expect(report.jobs > 0)
                #expect(report.tasks > 0)
                #expect(report.commands >= 6)
            }
            let history = try await bed.pool.query(HistoryEntry.of("invoice", story.cancelled)).map(HistoryEntry.init)
            #expect(history.last?.causedBy != nil)
        }
    }

    @Test("is found out wherever somebody has falsified it, with the record and in words")
    func falsified() async throws {
        try await MatrixBed.with { bed in
            let story = try await story(bed)
            for falsification in falsifications(of: story) {
                let report = try await report(after: falsification.sql, bed.words, bed)
                let comment: Comment = "\(falsification.what)"
                let found = report.violations.filter { $0.what.contains(falsification.says) }
                #expect(!found.isEmpty, comment)
                #expect(!report.isSound, comment)
                if let record = falsification.record {
                    #expect(found.contains { $0.record == record }, comment)
                }
            }
            // All of it was taken back.
            #expect(try await TraceValidator(bed.words).judge(bed.pool).isSound)
        }
    }

    @Test("is found out where what must hold in a state does not")
    func holds() async throws {
        try await MatrixBed.with { bed in
            let story = try await story(bed)
            var files = bed.words
            let index = try #require(files.vocabulary.guards.firstIndex { $0.name == "nothing_paid_yet" })
            files.vocabulary.guards[index].means = "paper_invoice.facts ? 'due_date'"
            #expect(try await TraceValidator(files).judge(bed.pool).isSound)
            let report = try await report(
                after: "UPDATE paper_invoice SET facts = '{}' WHERE id = \(story.cancelled)", files, bed)
            #expect(report.violations.map(\.what) == ["it is cancelled, but nothing_paid_yet is false"])
            #expect(report.violations.first?.record == story.cancelled)
            files.vocabulary.guards[index].means = "paper_invoice.paid_cents = 0"
            let broken = try await TraceValidator(files).judge(bed.pool)
            #expect(broken.violations.map(\.what).first?.contains("cannot be asked") == true)
        }
    }

    /// What is found in a transaction that falsifies something, before it is taken back.
    private func report(after sql: SQL, _ files: WorkflowFiles, _ bed: MatrixBed) async throws -> TraceReport {
        try await bed.pool.run { session in
            // Triggers and foreign keys sleep for who replays another server's changes.
            try session.begin(with: ["SET LOCAL ROLE NONE", "SET LOCAL session_replication_role = replica", sql])
            let report = try TraceValidator(files).judge(session)
            try session.rollback()
            return report
        }
    }

    private func story(_ bed: MatrixBed) async throws -> Story {
        func perform(_ move: String, _ machine: String, _ record: UUID, at now: Date) async throws {
            let move = try #require(try bed.machine(machine).move(named: move))
            _ = try await bed.done(bed.perform(move, of: machine, on: record, at: now))
        }
        let start = MatrixBed.start
        let reopened = try await bed.record(of: "invoice", in: "pending")
        for move in ["dispute", "record_payment", "reopen_bounced"] {
            try await perform(move, "invoice", reopened, at: start)
        }
        let waiting = try await bed.record(of: "invoice", in: "pending")
        let later = start.addingTimeInterval(7 * 86_400)
        for row in try await bed.pool.query(DueTimer.due(at: later, limit: 10)) {
            let timer = try DueTimer(row)
            if timer.record == waiting { try await bed.engine.fire(timer, now: later) }
        }
        let cancelled = try await bed.record(of: "invoice", in: "pending")
        let order = try await bed.record(of: "order", in: "pending")
        try await bed.link(order, to: cancelled, of: "invoice")
        try await perform("withdraw", "order", order, at: start)
        return Story(reopened: reopened, waiting: waiting, cancelled: cancelled)
    }

    private func falsifications(of story: Story) -> [Falsification] {
        let (a, b, c) = (story.reopened, story.waiting, story.cancelled)
        func event(_ record: UUID, _ seq: Int) -> SQL {
            "machine = 'invoice' AND record_id = \(record) AND seq = \(seq)"
        }
        return [
            .init(
                what: "an event is missing", sql: "DELETE FROM workflow_events WHERE \(event(a, 2))",
                says: "its seq is 3, but 2 comes next", record: a),
            .init(
                what: "the last event is missing, and the row set back",
                sql: """
                    WITH gone AS (DELETE FROM workflow_events WHERE \(event(a, 4)) RETURNING from_state)
                    UPDATE paper_invoice SET state = gone.from_state, state_seq = 3 FROM gone WHERE id = \(a)
                    """, says: "names this event, which does not exist", record: a),
            .init(
                what: "an event starts elsewhere",
                sql: "UPDATE workflow_events SET from_state = 'overdue' WHERE \(event(a, 2))",
                says: "it starts from overdue, but the record was in pending", record: a),
            .init(
                what: "an event leads elsewhere",
                sql: "UPDATE workflow_events SET to_state = 'cancelled' WHERE \(event(a, 3))",
                says: "record_payment does not lead to cancelled", record: a),
            .init(
                what: "somebody else made it", sql: "UPDATE workflow_events SET role = 'visitor' WHERE \(event(a, 3))",
                says: "the role visitor may not record_payment", record: a),
            .init(
                what: "a move that there is not", sql: "UPDATE workflow_events SET move = 'fly' WHERE \(event(a, 2))",
                says: "no transition fly", record: a),
            .init(
                what: "a correction without a reason",
                sql: "UPDATE workflow_events SET reason = NULL WHERE \(event(a, 4))", says: "has a reason", record: a),
            .init(
                what: "a correction that calls itself a move",
                sql: "UPDATE workflow_events SET kind = 'move' WHERE \(event(a, 4))",
                says: "no transition reopen_bounced", record: a),
            .init(
                what: "a timer that does not wait there",
                sql: "UPDATE workflow_events SET move = 'late_fee', timer = 'late_fee' WHERE \(event(b, 2))",
                says: "the timer late_fee does not wait in pending", record: b),
            .init(
                what: "another state in the row", sql: "UPDATE paper_invoice SET state = 'paid' WHERE id = \(b)",
                says: "the row says paid", record: b),
            .init(
                what: "another seq in the row", sql: "UPDATE paper_invoice SET state_seq = 9 WHERE id = \(b)",
                says: "the row's seq is 9", record: b),
            .init(
                what: "another since in the row",
                sql: "UPDATE paper_invoice SET state_since = state_since + interval '1 ms' WHERE id = \(b)",
                says: "the row is in its state since", record: b),
            .init(
                what: "the row is gone", sql: "DELETE FROM paper_invoice WHERE id = \(c)",
                says: "it has events but no row", record: c),
            .init(
                what: "the history is gone", sql: "DELETE FROM workflow_events WHERE record_id = \(c)",
                says: "it has a row but no events", record: c),
            .init(
                what: "a timer in a final state", sql: armed("past_due", c), says: "in the final state cancelled",
                record: c),
            .init(
                what: "a timer where it does not wait", sql: armed("late_fee", b), says: "where it does not wait",
                record: b),
            .init(
                what: "a timer that nobody knows", sql: armed("moon", b), says: "which the file does not know",
                record: b),
            .init(
                what: "a timer that would fire again",
                sql: """
                    INSERT INTO workflow_timers
                    SELECT machine, record_id, timer, counted_from, occurrence, now(), now()
                    FROM workflow_events WHERE \(event(b, 2))
                    """, says: "armed for a firing that has been", record: b),
            .init(what: "a timer of nothing", sql: armed("moon", UUID()), says: "timers are armed but there is no row"),
            .init(
                what: "a job without its event",
                sql: "UPDATE queue.jobs SET event_id = \(UUID()) WHERE record_id = \(a)",
                says: "its event does not exist", record: a),
            .init(
                what: "a job about another record",
                sql: "UPDATE queue.jobs SET record_id = \(b) WHERE record_id = \(a)",
                says: "its event has nothing to do with its record", record: b),
            .init(
                what: "a task that nothing opened",
                sql: "UPDATE workflow_attention SET opened_by = NULL WHERE record_id = \(a)",
                says: "no event opened it", record: a),
            .init(
                what: "a task without its event",
                sql: "UPDATE workflow_attention SET opened_by = \(UUID()) WHERE record_id = \(a)",
                says: "the event that opened it does not exist", record: a),
            .init(
                what: "a task of another record",
                sql: "UPDATE workflow_attention SET record_id = \(b) WHERE record_id = \(a)",
                says: "the event that opened it has nothing to do", record: b),
            .init(
                what: "a task closed elsewhere",
                sql: "UPDATE workflow_attention SET closed_by = \(UUID()) WHERE record_id = \(a)",
                says: "it was not closed by an event of its record", record: a),
            .init(
                what: "a command is gone",
                sql: """
                    DELETE FROM workflow_commands c USING workflow_events e
                    WHERE e.command_id = c.id AND e.machine = 'invoice' AND e.record_id = \(a)
                    """, says: "does not exist", record: a),
            .init(
                what: "a cause that came later",
                sql: """
                    UPDATE workflow_events SET caused_by = (SELECT id FROM workflow_events WHERE \(event(a, 4)))
                    WHERE \(event(a, 2))
                    """, says: "which came later", record: a),
            .init(
                what: "a cause that sets nothing off",
                sql: """
                    UPDATE workflow_events SET caused_by = (SELECT id FROM workflow_events WHERE \(event(a, 2)))
                    WHERE \(event(c, 2))
                    """, says: "nothing says that it follows from", record: c),
            .init(
                what: "a definition that nobody kept",
                sql: "UPDATE workflow_events SET definition = '\\x00' WHERE \(event(a, 2))",
                says: "the definition that it names is not kept", record: a),
            .init(
                what: "a definition that was rewritten",
                sql: "UPDATE workflow_definitions SET body = body || '# harmless' WHERE machine = 'invoice'",
                says: "not the text that its hash says"),
        ]
    }

    private func armed(_ timer: String, _ record: UUID) -> SQL {
        """
        INSERT INTO workflow_timers (machine, record_id, timer, counted_from, occurrence, moment, fire_at)
        VALUES ('invoice', \(record), \(timer), now(), 1, now(), now())
        """
    }
}
