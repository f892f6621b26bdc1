import Database
import Foundation

/// Looks whether every event that a command's answer names is there: nothing that was promised is lost.
struct CommandSweep {
    let session: Session
    let page: Int

    func run(_ report: inout TraceReport) throws {
        var last: UUID?
        while true {
            let rows = try session.query(
                """
                SELECT c.id, (c.response ->> 'record')::uuid AS record, ARRAY(
                    SELECT named.event::uuid
                    FROM jsonb_array_elements_text(coalesce(c.response -> 'events', '[]')) AS named (event)
                    WHERE NOT EXISTS (
                        SELECT FROM workflow_events e WHERE e.id = named.event::uuid AND e.command_id = c.id)
                    ) AS missing
                FROM workflow_commands c
                WHERE \(last)::uuid IS NULL OR c.id > \(last)::uuid
                ORDER BY c.id LIMIT \(page)
                """)
            for row in rows {
                let id = try row.value("id", as: UUID.self)
                last = id
                let record = try row.optional("record", as: UUID.self)
                for event in try row.value("missing", as: [UUID].self) {
                    let what = "the answer to the command \(id) names this event, which does not exist"
                    report.add(TraceViolation(record: record, event: event, what))
                }
            }
            report.commands += rows.count
            if rows.count < page { return }
        }
    }
}
