public import Foundation

/// Where a record stands in its lifecycle.
public struct RecordStanding: Sendable, Hashable {
    /// The record.
    public var id: UUID
    /// Its state.
    public var state: String
    /// How many events it has had.
    public var seq: Int
    /// When it entered the state.
    public var since: Date
    /// The state before the present one, to which a correction may lead back.
    public var previous: String?

    /// Makes a standing.
    public init(id: UUID, state: String, seq: Int, since: Date, previous: String? = nil) {
        (self.id, self.state, self.seq, self.since, self.previous) = (id, state, seq, since, previous)
    }
}

/// What is asked of a record.
public struct MoveRequest: Sendable {
    /// The move's name.
    public var move: String
    /// The inputs as they came.
    public var inputs: [String: JSONValue]
    /// Who asks.
    public var actor: Actor
    /// The `seq` that the asker last saw, if a change in between matters.
    public var expectedSeq: Int?
    /// The present, UTC.
    public var now: Date
    /// When it counts as made; before `now` only for a timer that is late.
    public var asOf: Date

    /// Makes a request.
    public init(
        move: String, inputs: [String: JSONValue] = [:], actor: Actor, expectedSeq: Int? = nil, now: Date,
        asOf: Date? = nil
    ) {
        (self.move, self.inputs, self.actor) = (move, inputs, actor)
        (self.expectedSeq, self.now, self.asOf) = (expectedSeq, now, asOf ?? now)
    }
}

/// What becomes of a request.
public enum Decision<Facts: Governed>: Sendable {
    /// It was done before; nothing is written but the command.
    case already
    /// It is not done, and why.
    case refused(Refusal)
    /// It is done, and what has to be written.
    case done(Change<Facts>)
}

/// The declared lifecycle and the code behind it disagree: nothing is written, and somebody has to look.
public enum DecisionFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// A state was entered whose `holds` is false.
    case brokenHold(machine: String, state: String, hold: String)
    /// A name of the file has no code; refused at the start, so this is a defect of the program.
    case missingCode(String)
    /// Moves followed from moves more often than the files promise; the checker refuses such files (W115).
    case tooDeep(machine: String, move: String)

    /// The sentence for the log and the alert.
    public var description: String {
        switch self {
        case .brokenHold(let machine, let state, let hold):
            "\(machine) may not be in \(state) while \(hold) is false; the move was not made."
        case .missingCode(let name): "Nothing stands behind the name \(name)."
        case .tooDeep(let machine, let move): "Too much follows from \(machine).\(move); the move was not made."
        }
    }
}

/// Everything that a decision wants written, in one transaction.
public struct Change<Facts: Governed>: Sendable {
    /// The facts after it.
    public var facts: Facts
    /// Where the record stands after it.
    public var standing: RecordStanding
    /// What happened, oldest first; at least one.
    public var events: [EventDraft]

    /// Makes a change.
    public init(facts: Facts, standing: RecordStanding, events: [EventDraft]) {
        (self.facts, self.standing, self.events) = (facts, standing, events)
    }
}

/// One row of history that is about to be written.
public struct EventDraft: Sendable {
    /// What kind of event it is, as the table names it.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// The record was made.
        case create
        /// A transition.
        case move
        /// A timer fired.
        case timer
        /// One firing of a timer was called off by a person.
        case timerCancelled = "timer_cancelled"
        /// A final state was left.
        case correction
        /// An operator set the state.
        case repair
        /// A new version renamed the state.
        case migration
    }

    /// Something that did not happen, and why.
    public struct Note: Sendable, Hashable, Codable {
        /// The move, or the timer whose condition did not hold.
        public var what: String
        /// Why.
        public var reasons: [Refusal.Reason]

        /// Makes a note.
        public init(what: String, reasons: [Refusal.Reason]) {
            (self.what, self.reasons) = (what, reasons)
        }
    }

    /// What kind of event it is.
    public var kind: Kind
    /// The place in the record's history, from 1.
    public var seq: Int
    /// `create`, the move's name or the timer's.
    public var move: String
    /// The state before; nil for `create`.
    public var from: String?
    /// The state after.
    public var to: String
    /// Open states that were passed over, in the order of the file.
    public var skipped: [String] = []
    /// Who did it.
    public var actor: Actor
    /// What was given.
    public var inputs: [String: JSONValue] = [:]
    /// The columns that changed, each as `[old, new]`.
    public var changes: [String: JSONValue] = [:]
    /// What did not happen.
    public var noted: [Note] = []
    /// Refused moves that somebody has to look at: each opens the task `refused_reaction`.
    public var parked: [Note] = []
    /// The timer's occurrence, of a timer's event.
    public var firing: TimerOccurrence?
    /// When it counts as done.
    public var asOf: Date
    /// What it queues.
    public var jobs: [JobCall] = []
    /// Tasks it opens.
    public var opens: [String] = []
    /// The states whose leaving closes the tasks it opens; of a timer's tasks.
    public var opensWhile: [String]?
    /// Tasks it closes.
    public var closes: [String] = []

    /// Makes an event that queues, opens and closes nothing.
    public init(
        kind: Kind, seq: Int, move: String, from: String?, to: String, actor: Actor, inputs: [String: JSONValue] = [:],
        firing: TimerOccurrence? = nil, asOf: Date
    ) {
        (self.kind, self.seq, self.move, self.from, self.to) = (kind, seq, move, from, to)
        (self.actor, self.inputs, self.firing, self.asOf) = (actor, inputs, firing, asOf)
    }
}
