public import Accounts
public import Foundation
public import StateMachines

/// One thing that somebody wants done, under an id of its own.
///
/// The same id with the same content is done once and answered with the first answer for ever after.
public struct Command: Sendable {
    /// The id: the client's (`Idempotency-Key`), or derived for what the system does by itself.
    public var id: UUID
    /// The machine's name.
    public var machine: String
    /// The record; for `create` the id that it will have.
    public var record: UUID
    /// The move's name, or `create`.
    public var move: String
    /// The inputs as they came; for `create` the body of the request.
    public var inputs: [String: JSONValue]
    /// Who asks.
    public var actor: Actor
    /// The `seq` that the asker last saw, if a change in between matters.
    public var expectedSeq: Int?
    /// Whether everything is to be done and then taken back.
    public var isDryRun: Bool
    /// Who asks from outside, whose own the record has to be; nil for what the program does by itself.
    public private(set) var visitor: Visitor?
    /// The event of another transaction that caused it.
    var cause: UUID?
    /// The bulk command that it is a part of.
    var bulk: UUID?
    /// When it counts as made; nil: when it is made.
    var asOf: Date?

    /// Makes a command.
    public init(
        id: UUID, machine: String, record: UUID, move: String, inputs: [String: JSONValue] = [:], actor: Actor,
        expectedSeq: Int? = nil, isDryRun: Bool = false
    ) {
        (self.id, self.machine, self.record, self.move) = (id, machine, record, move)
        (self.inputs, self.actor, self.expectedSeq, self.isDryRun) = (inputs, actor, expectedSeq, isDryRun)
    }

    /// Makes a command of somebody from outside: it is refused with 404 unless the record, and every other that it names, is
    /// theirs.
    public init(
        id: UUID, machine: String, record: UUID, move: String, inputs: [String: JSONValue] = [:], visitor: Visitor,
        expectedSeq: Int? = nil, isDryRun: Bool = false
    ) {
        self.init(
            id: id, machine: machine, record: record, move: move, inputs: inputs, actor: visitor.actor,
            expectedSeq: expectedSeq, isDryRun: isDryRun)
        self.visitor = visitor
    }
}

/// What became of a command.
public enum Outcome: Sendable, Hashable {
    /// It was done, now or when the same command came before.
    case done(Receipt)
    /// It was not done, and nothing was written but a note of the refusal.
    case refused(Refusal)
}

/// The answer to a command; stored, so that a repeated command gets it again.
public struct Receipt: Sendable, Hashable, Codable {
    /// How it was answered.
    public enum Result: String, Sendable, Codable {
        /// The move was made.
        case done
        /// The record was already where the move leads.
        case already
        /// Nothing was left to do: a timer that somebody else had fired, or that is no longer armed.
        case nothing
    }

    /// A job that was queued.
    public struct Job: Sendable, Hashable, Codable {
        /// Its kind.
        public var kind: String
        /// Its parameters.
        public var with: [String: String]
        /// The machine of the record it is about.
        public var machine: String
        /// The record it is about.
        public var record: UUID
    }

    /// What happened to another record because of it.
    public struct Caused: Sendable, Hashable, Codable {
        /// Its machine.
        public var machine: String
        /// The record.
        public var record: UUID
        /// The move that it made.
        public var move: String
        /// The state before; nil for one that was made.
        public var from: String?
        /// The state after.
        public var to: String
    }

    /// A timer that is armed.
    public struct Next: Sendable, Hashable, Codable {
        /// Its name.
        public var timer: String
        /// When it will fire, UTC.
        public var at: Date
        /// What will happen then.
        public var will: String
    }

    /// The record.
    public var record: UUID
    /// How it was answered.
    public var result: Result
    /// The state it is in now.
    public var state: String
    /// How many events it has had.
    public var seq: Int
    /// The events that were written, oldest first.
    public var events: [UUID]
    /// What was queued.
    public var jobs: [Job]
    /// What will happen by itself.
    public var next: [Next]
    /// Tasks that were opened, here and on other records.
    public var opened: [String]
    /// What happened to other records, in its order.
    public var caused: [Caused]
    /// What did not happen, and why, here and on other records.
    public var noted: [EventDraft.Note]
    /// Whether it was taken back: the answer to a dry run.
    public var isDryRun: Bool
}

extension Receipt {
    /// The answer to a cascade's command.
    init(_ result: Result, _ standing: RecordStanding, next: [Next], of cascade: Cascade) {
        let happenings = cascade.happenings
        let own = happenings.filter { $0.key.record == standing.id && $0.key.machine == cascade.command.machine }
        self.record = standing.id
        self.result = result
        self.state = standing.state
        self.seq = standing.seq
        self.events = own.map(\.id)
        self.jobs = happenings.flatMap { happening in
            (happening.draft.jobs.map { (happening.key, $0) } + happening.jobs).map { key, call in
                let with = call.parameters.map { ($0.name.text, $0.value.text) }
                return Job(
                    kind: call.kind.text, with: Dictionary(uniqueKeysWithValues: with), machine: key.machine,
                    record: key.record)
            }
        }
        self.next = next
        self.opened = happenings.flatMap { happening in
            happening.draft.opens + happening.draft.parked.map { _ in TaskOpening.refused }
                + happening.tasks.map(\.task)
        }
        self.caused = happenings.filter { $0.key.record != standing.id || $0.key.machine != cascade.command.machine }
            .map {
                Caused(
                    machine: $0.key.machine, record: $0.key.record, move: $0.draft.move, from: $0.draft.from,
                    to: $0.draft.to)
            }
        self.noted = happenings.flatMap(\.draft.noted)
        self.isDryRun = cascade.command.isDryRun
    }
}

/// What goes wrong in the engine itself, as opposed to a refusal.
public enum EngineError: Error, Sendable, CustomStringConvertible {
    /// There is no such machine, or it only loads and does not run yet.
    case unknownMachine(String)
    /// The files and the code disagree; nothing is run.
    case cannotStart([String])
    /// The record is in a state that a newer version of the program knows and this one does not; that one can move it.
    case otherVersion(machine: String, state: String)
    /// There is no such record, state, timer or task where an operator said there is.
    case unknown(String)

    /// The sentence for people.
    public var description: String {
        switch self {
        case .unknownMachine(let name): "There is no machine \"\(name)\" that runs."
        case .cannotStart(let faults): "The lifecycles cannot run:\n" + faults.joined(separator: "\n")
        case .otherVersion(let machine, let state):
            "The \(machine) is in the state \"\(state)\", which this version of the program does not know."
        case .unknown(let what): what
        }
    }
}
