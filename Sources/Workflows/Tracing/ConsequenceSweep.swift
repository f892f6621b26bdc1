import Database
import Foundation
import Jobs
import StateMachines

/// The event that a job or a task says it comes from.
struct TracedSource {
    var machine: String
    var kind: EventDraft.Kind?
    var move: String
    var from: String?
    var to: String
    /// Whether an event of the same command is about the job's or task's record.
    var isTouching: Bool

    /// What is read of it, as columns; `e` is the event, `x` the job or the task.
    static let columns: SQL = """
        e.machine AS source_machine, e.kind AS source_kind, e.move AS source_move, e.from_state AS source_from,
        e.to_state AS source_to, EXISTS (
            SELECT FROM workflow_events o
            WHERE o.command_id = e.command_id AND o.machine = x.machine AND o.record_id = x.record_id) AS is_touching
        """

    /// Reads ``columns``; nil when there is no such event.
    init?(_ row: Row) throws {
        guard let machine = try row.optional("source_machine", as: String.self) else { return nil }
        self.machine = machine
        self.kind = EventDraft.Kind(rawValue: try row.value("source_kind"))
        self.move = try row.value("source_move")
        self.from = try row.optional("source_from")
        self.to = try row.value("source_to")
        self.isTouching = try row.value("is_touching")
    }

    /// The reactions of a machine that it sets off.
    func reactions(of machine: Machine?) -> [Reaction] {
        guard let machine, let kind else { return [] }
        return machine.reactions.filter { $0.follows(kind, move, from: from, to: to, of: self.machine) }
    }
}

/// Looks whether every job that names an event has it, and is about a record that it touches.
struct JobSweep {
    let machines: [String: Machine]
    let session: Session
    let page: Int

    func run(_ report: inout TraceReport) throws {
        var last: JobID?
        while true {
            let rows = try session.query(
                """
                SELECT x.job_id, x.kind, x.machine, x.record_id, x.event_id, \(TracedSource.columns)
                FROM (\(Queue.caused(after: last, limit: page))) AS x
                LEFT JOIN workflow_events e ON e.id = x.event_id
                ORDER BY x.job_id
                """)
            for row in rows {
                let id = JobID(rawValue: try row.value("job_id"))
                last = id
                guard let fault = try fault(of: row) else { continue }
                report.add(
                    TraceViolation(
                        machine: try row.optional("machine"), record: try row.optional("record_id"),
                        event: try row.value("event_id"),
                        "the job \(id) (\(try row.value("kind", as: String.self))): \(fault)"))
            }
            report.jobs += rows.count
            if rows.count < page { return }
        }
    }

    private func fault(of row: Row) throws -> String? {
        guard let source = try TracedSource(row) else { return "its event does not exist" }
        guard let machine = try row.optional("machine", as: String.self), !source.isTouching else { return nil }
        if source.reactions(of: machines[machine]).contains(where: { !$0.jobs.isEmpty }) { return nil }
        return "its event has nothing to do with its record"
    }
}

/// Looks whether every task has the event that opened it, and the one that closed it.
struct TaskSweep {
    let machines: [String: Machine]
    let session: Session
    let page: Int

    func run(_ report: inout TraceReport) throws {
        var last: UUID?
        while true {
            let rows = try session.query(
                """
                SELECT x.id, x.machine, x.record_id, x.task, x.opened_by, x.closed_by, x.closed_at,
                    c.id IS NOT NULL AND c.machine = x.machine AND c.record_id = x.record_id AS is_closed_rightly,
                    \(TracedSource.columns)
                FROM workflow_attention x
                LEFT JOIN workflow_events e ON e.id = x.opened_by
                LEFT JOIN workflow_events c ON c.id = x.closed_by
                WHERE \(last)::uuid IS NULL OR x.id > \(last)::uuid
                ORDER BY x.id LIMIT \(page)
                """)
            for row in rows {
                last = try row.value("id", as: UUID.self)
                let task = try row.value("task", as: String.self)
                for fault in try faults(of: row, task) {
                    report.add(
                        TraceViolation(
                            machine: try row.value("machine"), record: try row.value("record_id"),
                            event: try row.optional("opened_by"), "the task \(task): \(fault)"))
                }
            }
            report.tasks += rows.count
            if rows.count < page { return }
        }
    }

    private func faults(of row: Row, _ task: String) throws -> [String] {
        var faults: [String] = []
        if let source = try TracedSource(row) {
            let machine = machines[try row.value("machine", as: String.self)]
            let reactions = source.reactions(of: machine)
            let isParked = task == "refused_reaction" && reactions.contains { $0.ifRefused == .park }
            let isOpened = reactions.contains { $0.opens.contains { $0 == task } }
            if !source.isTouching, !isParked, !isOpened {
                faults.append("the event that opened it has nothing to do with its record")
            }
        } else if try row.optional("opened_by", as: UUID.self) != nil {
            faults.append("the event that opened it does not exist")
        } else if !["refused_service", "webhook_disabled"].contains(task) {
            faults.append("no event opened it")
        }
        if try row.optional("closed_by", as: UUID.self) != nil,
            try !row.value("is_closed_rightly", as: Bool.self)
        {
            faults.append("it was not closed by an event of its record")
        }
        return faults
    }
}
