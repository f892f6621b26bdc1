import Accounts
import Database
import Foundation
import Jobs
import StateMachines

/// One command's transaction while it lasts: what was decided and is not sent yet, and the history written at its end.
///
/// Records are written before anything that follows from them is read; events, tasks and jobs go out with the commit,
/// because what is refused later is noted in the event that caused it.
struct Cascade {
    /// How deep moves may follow from moves.
    ///
    /// Source: docs/lifecycle-files.md.
    static let deepest = 8

    let session: Session
    let network: MachineNetwork
    let command: Command
    let now: Date
    private var unsent: [SQL] = []
    private var isOpen = false
    private var timers: [RecordKey: TimerState] = [:]
    /// Everything that happened, causes before consequences.
    private(set) var happenings: [Happening] = []
    /// What each record's change wrote, in their order.
    private var changes: [[SQL]] = []
    /// Reactions that run in a transaction of their own.
    private(set) var later: [JobRequest] = []
    /// Whether jobs were queued and committed.
    private(set) var hasQueued = false

    init(_ command: Command, in session: Session, network: MachineNetwork, now: Date) {
        (self.command, self.session, self.network, self.now) = (command, session, network, now)
    }

    /// Sends what is to be written, then reads: one round trip, which begins the transaction if it is the first.
    mutating func trip(_ reading: [SQL]) throws -> [StatementResult] {
        let writing = unsent
        unsent = []
        let results: [StatementResult]
        if isOpen {
            results = try session.pipeline(writing + reading)
        } else {
            isOpen = true
            results = try begin(with: writing + reading)
        }
        return Array(results.suffix(reading.count))
    }

    /// Begins the transaction; of somebody from outside, who they are and whether the records are theirs comes before all else.
    private func begin(with statements: [SQL]) throws -> [StatementResult] {
        let asEngine: SQL = "SET LOCAL ROLE drizzl_engine"
        guard let visitor = command.visitor else { return try session.begin(with: [asEngine] + statements) }
        let asking = [
            asEngine, visitor.enterAgain, Credential.asVisitor, Scoping.demand(command.claims, of: visitor.kind),
            asEngine,
        ]
        do {
            return try session.begin(with: asking + statements)
        } catch {
            guard Scoping.isRefusal(error) else { throw error }
            throw network.runners[command.machine]?.notFound ?? EngineError.unknownMachine(command.machine)
        }
    }

    /// Keeps what a record's change writes, and its timers' rows, until the next trip.
    mutating func write(_ statements: [SQL], timerRows: [SQL], of key: RecordKey, timers state: TimerState) {
        unsent += statements + timerRows
        timers[key] = state
        // Not the timers' rows: what this transaction knows of them goes before what is read.
        changes.append(statements)
    }

    /// How many changes were written so far.
    var generation: Int { changes.count }

    /// Whether what was read when `generation` changes were written may look otherwise by now.
    func isStale(_ reading: @autoclosure () -> [SQL], since generation: Int) -> Bool {
        guard generation < changes.count else { return false }
        return Footprint.looks(reading(), at: Footprint.written(by: changes[generation...].joined()))
    }

    /// What is known of a record's timers: this transaction's word goes before the history it has not written yet.
    func timers(of key: RecordKey, read state: TimerState) -> TimerState { timers[key] ?? state }

    /// Adds to history; answers the place in ``happenings``.
    mutating func add(_ happening: Happening) -> Int {
        happenings.append(happening)
        return happenings.count - 1
    }

    /// Notes in an event that something which follows from it did not happen.
    mutating func note(_ note: EventDraft.Note, in index: Int) { happenings[index].draft.noted.append(note) }

    /// Opens a task because of an event, maybe on another record.
    mutating func open(_ task: TaskOpening, because index: Int) { happenings[index].tasks.append(task) }

    /// Queues a job because of an event, about a record that is maybe another.
    mutating func queue(_ call: JobCall, about key: RecordKey, because index: Int) {
        happenings[index].jobs.append((key, call))
    }

    /// Leaves a reaction to a transaction of its own.
    mutating func postpone(_ request: JobRequest) { later.append(request) }

    /// Writes history, tasks, jobs and the answer, and commits; of a dry run takes everything back.
    mutating func finish(_ receipt: Receipt, hash: [UInt8]?) throws {
        let history = try HistoryWriter(cascade: self).statements
        let answer = try hash.map { [try StoredCommand.insert(command.id, hash: $0, receipt: receipt)] } ?? []
        let all = unsent + history + answer
        guard command.isDryRun else {
            try session.commit(with: all)
            hasQueued = !later.isEmpty || happenings.contains { !$0.draft.jobs.isEmpty || !$0.jobs.isEmpty }
            return
        }
        // The real thing up to the commit, deferred checks included.
        _ = try session.pipeline(all + ["SET CONSTRAINTS ALL IMMEDIATE"])
        try session.rollback()
    }
}

/// A record of a machine.
struct RecordKey: Hashable, Sendable {
    var machine: String
    var record: UUID
}

/// An event that is about to be written, and what it queues and opens.
struct Happening {
    var id: UUID
    var key: RecordKey
    var definition: [UInt8]
    var draft: EventDraft
    var cause: UUID?
    /// Tasks on this or other records, besides the move's own.
    var tasks: [TaskOpening] = []
    /// Jobs about this or other records, besides the move's own.
    var jobs: [(RecordKey, JobCall)] = []
}

/// A task that something opens.
struct TaskOpening {
    var key: RecordKey
    var task: String
    /// Why: the move that was refused and the reasons.
    var because: JSONValue = .object([:])
    /// The states whose leaving closes it; of a timer's task.
    var whileStates: [String]?

    /// The name of the task that asks somebody to look at a refused move.
    static let refused = "refused_reaction"

    /// The task that asks somebody to look at what was refused.
    static func refused(_ move: String, on key: RecordKey, _ refusal: Refusal) -> TaskOpening {
        TaskOpening(key: key, task: refused, because: refusal.asTask(of: move))
    }
}

extension Refusal {
    /// Move, codes and messages, as a task keeps them.
    func asTask(of move: String) -> JSONValue {
        .object([
            "move": .string(move),
            "reasons": .array(
                reasons.map { .object(["code": .string($0.code), "message": .string($0.message)]) }),
        ])
    }
}
