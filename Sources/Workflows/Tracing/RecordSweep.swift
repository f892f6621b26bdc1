import Database
import Foundation
import StateMachines

/// Judges every record of one machine: its events, its row and its timers.
struct RecordSweep {
    let machine: TracedMachine
    let session: Session
    let page: Int

    private static let first = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))

    func run(_ report: inout TraceReport) throws {
        try histories(&report)
        try rowsWithoutHistory(&report)
        try timersWithoutRow(&report)
    }

    private func histories(_ report: inout TraceReport) throws {
        var last = (record: Self.first, seq: 0)
        var open: (record: UUID, judge: TraceJudge)?
        while true {
            let rows = try session.query(
                TracedEvent.page(of: machine.name, after: last.record, last.seq, limit: page))
            var ended: [(record: UUID, judge: TraceJudge)] = []
            for row in rows {
                let event = try TracedEvent(row)
                if let before = open, before.record != event.record {
                    ended.append(before)
                    open = nil
                }
                var judge = open?.judge ?? TraceJudge()
                for fault in judge.judge(event, by: machine.definitions[event.definition]) {
                    report.add(
                        TraceViolation(
                            machine: machine.name, record: event.record, event: event.id,
                            "\(event.move) (\(event.seq)): \(fault)"))
                }
                open = (event.record, judge)
                last = (event.record, event.seq)
            }
            report.count(machine.name) { $0.events += rows.count }
            let isLast = rows.count < page
            if isLast, let open { ended.append(open) }
            try judge(ended, &report)
            if isLast { return }
        }
    }

    /// Judges the rows and the timers of records whose events were all read.
    private func judge(_ ended: [(record: UUID, judge: TraceJudge)], _ report: inout TraceReport) throws {
        guard !ended.isEmpty else { return }
        let ids = ended.map(\.record)
        let results = try session.pipeline([
            """
            SELECT id, \(machine.field) AS state, \(machine.field)_seq AS seq, \(machine.field)_since AS since
            FROM \(machine.table) WHERE id = ANY(\(ids))
            """,
            TracedTimer.armed(machine.name, ids),
        ])
        var rows: [UUID: TracedRow] = [:]
        for row in results[0].rows {
            rows[try row.value("id")] = TracedRow(
                state: try row.optional("state"), seq: try row.optional("seq"), since: try row.optional("since"))
        }
        var timers: [UUID: [TracedTimer]] = [:]
        for row in results[1].rows { timers[try row.value("record_id"), default: []].append(try TracedTimer(row)) }
        for (record, judge) in ended {
            let faults =
                judge.judge(rows[record])
                + TracedTimer.faults(timers[record] ?? [], in: judge.state ?? "", of: machine.now)
            for fault in faults { report.add(TraceViolation(machine: machine.name, record: record, fault)) }
        }
        report.count(machine.name) { count in
            count.records += ended.count
            count.timers += results[1].rows.count
        }
    }

    private func rowsWithoutHistory(_ report: inout TraceReport) throws {
        var last = Self.first
        while true {
            let rows = try session.query(
                """
                SELECT t.id FROM \(machine.table) AS t
                WHERE t.id > \(last) AND NOT EXISTS (
                    SELECT FROM workflow_events e WHERE e.machine = \(machine.name) AND e.record_id = t.id)
                ORDER BY t.id LIMIT \(page)
                """)
            for row in rows {
                last = try row.value("id")
                report.add(TraceViolation(machine: machine.name, record: last, "it has a row but no events"))
            }
            report.count(machine.name) { $0.records += rows.count }
            if rows.count < page { return }
        }
    }

    private func timersWithoutRow(_ report: inout TraceReport) throws {
        var last = Self.first
        while true {
            let rows = try session.query(
                """
                SELECT DISTINCT record_id FROM workflow_timers w
                WHERE machine = \(machine.name) AND record_id > \(last)
                  AND NOT EXISTS (SELECT FROM \(machine.table) t WHERE t.id = w.record_id)
                ORDER BY record_id LIMIT \(page)
                """)
            for row in rows {
                last = try row.value("record_id")
                report.add(TraceViolation(machine: machine.name, record: last, "timers are armed but there is no row"))
            }
            if rows.count < page { return }
        }
    }
}

extension TraceReport {
    /// Adds to what was looked at of a machine.
    fileprivate mutating func count(_ machine: String, _ add: (inout Count) -> Void) {
        guard let index = machines.firstIndex(where: { $0.machine == machine }) else { return }
        add(&machines[index])
    }
}
