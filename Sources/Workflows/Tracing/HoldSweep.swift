import Database
import Foundation
import StateMachines

/// Looks whether what must hold in a state holds for every record that is in it.
struct HoldSweep {
    let machine: TracedMachine
    let vocabulary: Vocabulary
    let session: Session
    let page: Int

    func run(_ report: inout TraceReport) throws {
        for state in machine.now.states {
            for hold in state.holds {
                guard let condition = vocabulary.guard(named: hold.text)?.means else { continue }
                do {
                    try session.savepoint { try sweep(state.name.text, hold.text, condition, &report) }
                } catch let error as DatabaseError where error.kind == .other {
                    let what = "whether \(hold) holds in \(state.name) cannot be asked: \(error.message)"
                    report.add(TraceViolation(machine: machine.name, what))
                }
            }
        }
    }

    private func sweep(_ state: String, _ hold: String, _ condition: String, _ report: inout TraceReport) throws {
        var last: UUID?
        while true {
            // The condition is SQL of the vocabulary, which is as much ours as this statement.
            let rows = try session.query(
                """
                SELECT \(machine.table).id FROM \(machine.table)
                WHERE \(machine.table).\(machine.field) = \(state) AND (\(unsafeUnescaped: condition)) IS NOT TRUE
                  AND (\(last)::uuid IS NULL OR \(machine.table).id > \(last)::uuid)
                ORDER BY \(machine.table).id LIMIT \(page)
                """)
            for row in rows {
                let record = try row.value("id", as: UUID.self)
                last = record
                report.add(
                    TraceViolation(machine: machine.name, record: record, "it is \(state), but \(hold) is false"))
            }
            if rows.count < page { return }
        }
    }
}
