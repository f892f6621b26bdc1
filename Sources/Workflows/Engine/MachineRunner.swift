import Database
import Foundation
import StateMachines

/// Performs commands on the records of one machine, whatever its facts are.
protocol MachineRunner: Sendable {
    var machine: Machine { get }
    func perform(_ command: Command, now: Date, in session: Session) throws -> Outcome
    func fire(_ timer: DueTimer, now: Date, in session: Session) throws -> Receipt
    func explain(_ record: UUID, actor: Actor, now: Date, in session: Session) throws -> Explanation?
}

/// The runner of one machine: reads in one round trip, decides in memory, writes and commits in another.
struct Runner<L: Lifecycle>: MachineRunner {
    let lifecycle: L
    let decider: Decider<L.Facts>
    let writer: ChangeWriter

    init(_ lifecycle: L, machine: Machine, surroundings: Engine.Surroundings) {
        self.lifecycle = lifecycle
        self.decider = Decider(
            machine: machine, vocabulary: surroundings.vocabulary, rules: lifecycle.rules,
            calendar: surroundings.calendar)
        self.writer = ChangeWriter(machine: machine, surroundings: surroundings)
    }

    var machine: Machine { decider.machine }

    func perform(_ command: Command, now: Date, in session: Session) throws -> Outcome {
        do {
            let receipt =
                command.move == "create"
                ? try create(command, now: now, in: session) : try move(command, now: now, in: session)
            return .done(receipt)
        } catch let refusal as Refusal {
            try session.rollback()
            return .refused(refusal)
        }
    }

    private func move(_ command: Command, now: Date, in session: Session) throws -> Receipt {
        let reading = lifecycle.load(command.record, for: command, locking: true)
        let read = try begin(command.id, record: command.record, reading, in: session)
        if let answer = try StoredCommand.answer(in: read.command, hash: command.requestHash) {
            try session.rollback()
            return answer
        }
        guard var before = try lifecycle.loaded(read.record) else { throw notFound }
        before.standing.previous = read.timers.previousState
        let request = MoveRequest(
            move: command.move, inputs: command.inputs, actor: command.actor, expectedSeq: command.expectedSeq,
            now: now)
        switch try decider.decide(request, on: before.standing, facts: before.facts) {
        case .refused(let refusal):
            throw refusal
        case .already:
            let receipt = writer.answer(.already, before.standing, next: read.timers.armed, isDryRun: command.isDryRun)
            try finish(Errand(command, now: now), receipt, [], in: session)
            return receipt
        case .done(let change):
            let record = lifecycle.update(change, before: before)
            return try write(change, record, read.timers, Errand(command, now: now), in: session)
        }
    }

    private func create(_ command: Command, now: Date, in session: Session) throws -> Receipt {
        guard let origin = command.origin else { throw EngineError.unknownOrigin }
        let read = try begin(command.id, record: command.record, lifecycle.prepare(from: origin), in: session)
        if let answer = try StoredCommand.answer(in: read.command, hash: command.requestHash) {
            try session.rollback()
            return answer
        }
        guard let facts = try lifecycle.prepared(read.record, id: command.record) else {
            throw EngineError.unknownOrigin
        }
        let request = MoveRequest(move: command.move, inputs: command.inputs, actor: command.actor, now: now)
        switch try decider.create(request, id: command.record, facts: facts) {
        case .refused(let refusal): throw refusal
        case .already: throw notFound
        case .done(let change):
            let record = lifecycle.insert(change)
            return try write(change, record, read.timers, Errand(command, now: now), in: session)
        }
    }

    func fire(_ timer: DueTimer, now: Date, in session: Session) throws -> Receipt {
        let reading = lifecycle.load(timer.record, for: nil, locking: true)
        let read = try begin(timer.commandID, record: timer.record, reading, in: session)
        guard var before = try lifecycle.loaded(read.record) else {
            // The record is gone; its timers with it.
            try session.commit(
                with: TimerState.write([], replacing: read.timers.armed, machine.name.text, timer.record))
            return writer.answer(.nothing, RecordStanding(id: timer.record, state: "", seq: 0, since: now))
        }
        before.standing.previous = read.timers.previousState
        // No row: another node was quicker.
        guard read.timers.armed.contains(timer.occurrence),
            let change = try decider.fire(
                timer.occurrence, on: before.standing, facts: before.facts, fired: read.timers.fired, now: now)
        else {
            let armed = decider.armed(before.standing, facts: before.facts, fired: read.timers.fired)
            try session.commit(
                with: TimerState.write(armed, replacing: read.timers.armed, machine.name.text, timer.record))
            return writer.answer(.nothing, before.standing, next: armed)
        }
        let record = lifecycle.update(change, before: before)
        let command = Command(
            id: timer.commandID, machine: timer.machine, record: timer.record, move: timer.occurrence.timer,
            actor: .system)
        return try write(change, record, read.timers, Errand(command, now: now), in: session)
    }

    func explain(_ record: UUID, actor: Actor, now: Date, in session: Session) throws -> Explanation? {
        let reading = lifecycle.load(record, for: nil, locking: false)
        let results = try session.pipeline(
            reading + TimerState.read(machine.name.text, record) + [OpenTask.of(machine.name.text, record)])
        guard let loaded = try lifecycle.loaded(Array(results.prefix(reading.count))) else { return nil }
        let timers = try TimerState(results[reading.count...].prefix(TimerState.statements))
        return Explanation(
            standing: loaded.standing,
            moves: try decider.explain(loaded.standing, facts: loaded.facts, actor: actor, now: now),
            next: writer.next(timers.armed),
            tasks: try results[reading.count + TimerState.statements].rows.map(OpenTask.init))
    }

    private var notFound: Refusal {
        Refusal(status: 404, code: "not_found", message: "There is no such \(machine.title.lowercased()).")
    }
}

/// What of a command is needed once its outcome is decided.
private struct Errand {
    var command: UUID
    var hash: [UInt8]
    var isDryRun: Bool
    var now: Date

    init(_ command: Command, now: Date) {
        (self.command, self.hash) = (command.id, command.requestHash)
        (self.isDryRun, self.now) = (command.isDryRun, now)
    }
}

extension Runner {
    /// What the first round trip brought.
    private struct Read {
        var record: [StatementResult]
        var command: [Row]
        var timers: TimerState
    }

    /// Locks and reads, in one round trip.
    ///
    /// The command is looked up after the lock is held, so that of two requests with one id the second sees the first's
    /// answer.
    private func begin(
        _ command: UUID, record: UUID, _ reading: [SQL], in session: Session
    ) throws -> Read {
        let engineRole: SQL = "SET LOCAL ROLE drizzl_engine"
        let results = try session.begin(
            with: [engineRole] + reading + [StoredCommand.find(command)] + TimerState.read(machine.name.text, record))
        let end = 1 + reading.count
        return Read(
            record: Array(results[1..<end]), command: results[end].rows,
            timers: try TimerState(results[(end + 1)...].prefix(TimerState.statements)))
    }

    /// Writes a change and everything that goes with it, in one round trip.
    private func write(
        _ change: Change<L.Facts>, _ record: [SQL], _ timers: TimerState, _ errand: Errand, in session: Session
    ) throws -> Receipt {
        var fired = timers.fired
        for firing in change.events.compactMap(\.firing) {
            fired.note(timer: firing.timer, countedFrom: firing.countedFrom, number: firing.number)
        }
        let armed = decider.armed(change.standing, facts: change.facts, fired: fired)
        let written = try writer.write(change.events, of: change.standing, command: errand.command, now: errand.now)
        var receipt = writer.answer(.done, change.standing, next: armed, isDryRun: errand.isDryRun)
        receipt.events = written.events
        receipt.jobs = change.events.flatMap(\.jobs).map { call in
            let with = call.parameters.map { ($0.name.text, $0.value.text) }
            return .init(kind: call.kind.text, with: Dictionary(uniqueKeysWithValues: with))
        }
        receipt.opened = change.events.flatMap(\.opens)
        receipt.noted = change.events.flatMap(\.noted)
        let statements =
            record + written.statements
            + TimerState.write(armed, replacing: timers.armed, machine.name.text, change.standing.id)
        try finish(errand, receipt, statements, in: session)
        return receipt
    }

    private func finish(
        _ errand: Errand, _ receipt: Receipt, _ statements: [SQL], in session: Session
    ) throws {
        let all = statements + [try StoredCommand.insert(errand.command, hash: errand.hash, receipt: receipt)]
        guard errand.isDryRun else {
            try session.commit(with: all)
            return
        }
        // The real thing up to the commit, deferred checks included.
        _ = try session.pipeline(all + ["SET CONSTRAINTS ALL IMMEDIATE"])
        try session.rollback()
    }
}
