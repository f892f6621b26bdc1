import Database
import Foundation
package import StateMachines

/// An armed timer of a record, as the judge sees it.
package struct TracedTimer: Sendable {
    /// The timer's name; `*` asks for the record's timers to be derived again.
    package var timer: String
    /// Whether this occurrence, or a later one of the same value, has fired or was called off.
    package var hasFired: Bool

    /// Makes a timer.
    package init(_ timer: String, hasFired: Bool = false) {
        (self.timer, self.hasFired) = (timer, hasFired)
    }

    /// The armed timers of records.
    static func armed(_ machine: String, _ records: [UUID]) -> SQL {
        """
        SELECT w.record_id, w.timer, EXISTS (
            SELECT FROM workflow_events e
            WHERE e.machine = w.machine AND e.record_id = w.record_id AND e.timer = w.timer
              AND e.counted_from = w.counted_from AND e.occurrence >= w.occurrence) AS has_fired
        FROM workflow_timers w
        WHERE w.machine = \(machine) AND w.record_id = ANY(\(records))
        """
    }

    init(_ row: Row) throws {
        self.init(try row.value("timer"), hasFired: try row.value("has_fired"))
    }

    /// What is wrong with the armed timers of a record.
    ///
    /// - Parameters:
    ///   - armed: The timers.
    ///   - state: The state in which the record is.
    ///   - machine: The machine as it is now.
    /// - Returns: A sentence for each fault.
    package static func faults(_ armed: [TracedTimer], in state: String, of machine: Machine) -> [String] {
        // Until they are derived again, they are those of a definition or a fact that is no more.
        guard !armed.contains(where: { $0.timer == "*" }) else { return [] }
        return armed.compactMap { timer in
            guard let rule = machine.timer(named: timer.timer) else {
                return "the timer \(timer.timer) is armed, which the file does not know"
            }
            if machine.isFinal(state) { return "the timer \(rule.name) is armed in the final state \(state)" }
            guard rule.states.contains(where: { $0 == state }) else {
                return "the timer \(rule.name) is armed in \(state), where it does not wait"
            }
            return timer.hasFired ? "the timer \(rule.name) is armed for a firing that has been" : nil
        }
    }
}
