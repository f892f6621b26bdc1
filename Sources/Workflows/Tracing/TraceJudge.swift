package import Foundation
package import StateMachines

/// Judges the history of one record, event by event, and then the row that should be its last event.
///
/// Pure: it keeps where the record stands and nothing else, so that a history of any length fits.
package struct TraceJudge: Sendable {
    /// The state after the last event; nil before the first.
    package private(set) var state: String?
    /// The place of the last event.
    package private(set) var seq = 0
    /// When the state was entered.
    package private(set) var since: Date?
    /// The state before it, to which a correction may lead back.
    private var previous: String?
    private var definition: [UInt8]?

    /// Makes a judge of a record of which nothing is known.
    package init() {}

    /// What is wrong with the next event.
    ///
    /// - Parameters:
    ///   - event: The event.
    ///   - machine: The definition that it names; nil when it is not kept or cannot be read.
    /// - Returns: A sentence for each fault.
    package mutating func judge(_ event: TracedEvent, by machine: Machine?) -> [String] {
        var faults: [String] = []
        if event.seq != seq + 1 { faults.append("its seq is \(event.seq), but \(seq + 1) comes next") }
        if event.from != state {
            faults.append("it starts from \(event.from ?? "nothing"), but the record was in \(state ?? "no state")")
        }
        if state == nil, event.kind != .create { faults.append("a history begins with create") }
        if !event.hasCommand { faults.append("its command \(event.command) does not exist") }
        if (event.role == "system") != (event.actorKind == "system") {
            faults.append("its role is \(event.role), but a \(event.actorKind) made it")
        }
        if let machine {
            renamePrevious(machine, event)
            faults += TracePath(machine: machine, previous: previous).faults(of: event)
        } else {
            faults.append("the definition that it names is not kept, or cannot be read")
        }
        faults += event.faultsOfCause(by: machine)
        advance(event)
        return faults
    }

    /// What is wrong with the row of the record after all its events.
    ///
    /// - Parameter row: The row; nil when there is none.
    /// - Returns: A sentence for each fault.
    package func judge(_ row: TracedRow?) -> [String] {
        guard let row else { return ["it has events but no row"] }
        var faults: [String] = []
        if row.state != state {
            faults.append("the row says \(row.state ?? "nothing"), but the last event leads to \(state ?? "nothing")")
        }
        if row.seq != seq {
            faults.append("the row's seq is \(row.seq.map(String.init) ?? "empty"), but the last event's is \(seq)")
        }
        // The column and the event hold the same microseconds; reading them may differ in the last bit.
        if let since, abs((row.since ?? .distantPast).timeIntervalSince(since)) >= 0.000_001 {
            let written = row.since.map { $0.formatted(.iso8601) } ?? "empty"
            faults.append(
                "the row is in its state since \(written), but history says \(since.formatted(.iso8601))")
        }
        return faults
    }

    /// A state that is remembered goes by the name that the new version gives it.
    private mutating func renamePrevious(_ machine: Machine, _ event: TracedEvent) {
        guard definition != event.definition else { return }
        if let renamed = machine.renames.states.first(where: { $0.name == previous ?? "" }) {
            previous = renamed.value.text
        }
    }

    private mutating func advance(_ event: TracedEvent) {
        // A new name for the same state enters nothing.
        if event.from != event.to, event.kind != .migration {
            previous = event.from
            since = event.asOf
        }
        (state, seq, definition) = (event.to, event.seq, event.definition)
    }
}

/// The state columns of a record's row.
package struct TracedRow: Sendable {
    /// The state.
    package var state: String?
    /// How many events it has had.
    package var seq: Int?
    /// When it entered the state.
    package var since: Date?

    /// Makes a row.
    package init(state: String?, seq: Int?, since: Date?) {
        (self.state, self.seq, self.since) = (state, seq, since)
    }
}
