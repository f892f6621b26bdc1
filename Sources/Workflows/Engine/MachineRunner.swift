import Accounts
import Database
import Foundation
import StateMachines

/// Performs commands on the records of one machine, whatever its facts are.
protocol MachineRunner: Sendable {
    var machine: Machine { get }

    /// The names of the rows of `workflow_timers` that it can fire.
    var timerNames: [String] { get }

    /// Makes or moves a record, with everything that follows; commits.
    ///
    /// - Throws: `Refusal` when it, or something that must follow from it, is refused.
    func perform(_ command: Command, in cascade: inout Cascade) throws -> Receipt

    /// Fires a timer, with everything that follows; commits.
    ///
    /// - Parameters:
    ///   - timer: The row that is due.
    ///   - refused: Why the move that it fires cannot be made, when that was found out by trying.
    ///   - cascade: The transaction.
    /// - Returns: What became of it.
    /// - Throws: `Refusal` when something that must follow from it is refused.
    func fire(_ timer: DueTimer, refused: Refusal?, in cascade: inout Cascade) throws -> Receipt

    /// What has to be read before ``follow(_:_:_:because:depth:in:)``.
    func reads(for reaction: Reaction, _ source: ReactionSource) -> [SQL]

    /// Makes what follows in this machine from a move of another.
    func follow(
        _ reaction: Reaction, _ results: [StatementResult], _ source: ReactionSource, because index: Int, depth: Int,
        in cascade: inout Cascade
    ) throws

    /// The records that a reaction reaches.
    func found(by reaction: Reaction, _ source: ReactionSource) -> SQL?

    /// The inputs of the move that a reaction makes.
    func inputs(of reaction: Reaction, _ source: ReactionSource) -> [String: JSONValue]

    /// Where records stand and what can be done with them; those that do not exist, or that the visitor does not see, are
    /// left out.
    func explain(
        _ records: [UUID], actor: Actor, visitor: Visitor?, now: Date, in session: Session
    ) throws -> [UUID: Explanation]

    /// Calls off one firing of a timer; commits.
    func callOff(_ timer: String, _ command: Command, in cascade: inout Cascade) throws -> Receipt

    /// Sets a state by hand; commits.
    func repair(to state: String, _ command: Command, in cascade: inout Cascade) throws -> Receipt

    /// The columns of a record, as reactions read them.
    func columns(of record: UUID, in session: Session) throws -> [String: JSONValue]?
}

/// The runner of one machine: reads in one round trip, decides in memory, writes in another.
struct Runner<L: Lifecycle>: MachineRunner {
    let lifecycle: L
    let decider: Decider<L.Facts>
    let definition: [UInt8]

    init(_ lifecycle: L, machine: Machine, surroundings: Engine.Surroundings) {
        self.lifecycle = lifecycle
        self.decider = Decider(
            machine: machine, vocabulary: surroundings.vocabulary, rules: lifecycle.rules,
            calendar: surroundings.calendar)
        self.definition = surroundings.definitionHash
    }

    var machine: Machine { decider.machine }
    var name: String { machine.name.text }

    var timerNames: [String] {
        machine.timers.map(\.name.text) + [TimerState.again, DefinitionVersion.mark(of: definition)]
    }

    func perform(_ command: Command, in cascade: inout Cascade) throws -> Receipt {
        command.move == "create" ? try create(command, in: &cascade) : try move(command, in: &cascade)
    }

    private func move(_ command: Command, in cascade: inout Cascade) throws -> Receipt {
        let one: SQL = "SELECT \(command.record)::uuid"
        let reading = lifecycle.load(one, for: command, locking: true)
        // The command is looked up after the lock is held: of two requests with one id the second sees the first's answer.
        let results = try cascade.trip(
            reading + TimerState.read(machine, one) + [StoredCommand.find(command.id)])
        if let answer = try StoredCommand.answer(in: results[results.count - 1].rows, hash: command.requestHash) {
            try cascade.session.rollback()
            return answer
        }
        guard var before = try lifecycle.loaded(Array(results.prefix(reading.count))).first else { throw notFound }
        let timers =
            try TimerState.states(results.dropFirst(reading.count), of: machine)[command.record] ?? TimerState()
        try demandKnown(before.standing)
        before.standing.previous = timers.previousState
        let request = MoveRequest(
            move: command.move, inputs: command.inputs, actor: command.actor, expectedSeq: command.expectedSeq,
            now: cascade.now, asOf: command.asOf)
        switch try decider.decide(request, on: before.standing, facts: before.facts) {
        case .refused(let refusal):
            throw try refusal.telling(
                whatChanged: before.standing, since: command.expectedSeq, name, in: cascade.session)
        case .already:
            let receipt = answer(.already, before.standing, next: timers.armed, in: cascade)
            try cascade.finish(receipt, hash: command.requestHash)
            return receipt
        case .done(let change):
            try settle(change, lifecycle.update(change, before: before), timers, cause: nil, depth: 0, in: &cascade)
            return try finish(change.standing, in: &cascade)
        }
    }

    private func create(_ command: Command, in cascade: inout Cascade) throws -> Receipt {
        let reading = try lifecycle.prepare(command)
        let results = try cascade.trip(reading + [StoredCommand.find(command.id)])
        if let answer = try StoredCommand.answer(in: results[reading.count].rows, hash: command.requestHash) {
            try cascade.session.rollback()
            return answer
        }
        guard let facts = try lifecycle.prepared(Array(results.prefix(reading.count)), for: command) else {
            throw Refusal(
                status: 404, code: "not_found", message: "There is nothing to make this \(titled) from.")
        }
        let asked = Set(machine.create.inputs.map(\.name.text))
        let request = MoveRequest(
            move: command.move, inputs: command.inputs.filter { asked.contains($0.key) }, actor: command.actor,
            now: cascade.now, asOf: command.asOf)
        let standing = try make(
            NewRecord(id: command.record, facts: facts), request, cause: nil, depth: 0, in: &cascade)
        return try finish(standing, in: &cascade)
    }

    /// Decides and writes a new record; a refusal is thrown.
    func make(
        _ record: NewRecord<L.Facts>, _ request: MoveRequest, cause: UUID?, depth: Int, in cascade: inout Cascade
    ) throws -> RecordStanding {
        switch try decider.create(request, id: record.id, facts: record.facts) {
        case .refused(let refusal): throw refusal
        case .already: throw notFound
        case .done(let change):
            try settle(change, lifecycle.insert(change), TimerState(), cause: cause, depth: depth, in: &cascade)
            return change.standing
        }
    }

    /// Takes a change into the cascade, and makes what follows from it.
    func settle(
        _ change: Change<L.Facts>, _ statements: [SQL], _ old: TimerState, cause: UUID?, depth: Int,
        in cascade: inout Cascade
    ) throws {
        guard depth <= Cascade.deepest else {
            throw DecisionFault.tooDeep(machine: name, move: change.events.last?.move ?? "")
        }
        let key = RecordKey(machine: name, record: change.standing.id)
        var timers = old
        for firing in change.events.compactMap(\.firing) {
            timers.fired.note(timer: firing.timer, countedFrom: firing.countedFrom, number: firing.number)
        }
        timers.armed = decider.armed(change.standing, facts: change.facts, fired: timers.fired)
        timers.previousState = change.standing.previous
        let rows = TimerState.write(
            timers.armed, replacing: own(old.armed, of: change.standing), key)
        cascade.write(statements, timerRows: rows, of: key, timers: timers)
        var cause = cause
        for draft in change.events {
            let happening = Happening(
                id: UUID.v7(), key: key, definition: definition, draft: draft, cause: cause)
            let index = cascade.add(happening)
            let source = ReactionSource(
                machine: name, record: key.record, move: draft.move, event: happening.id, actor: draft.actor,
                inputs: draft.inputs, columns: change.facts.columns, asOf: draft.asOf, now: cascade.now,
                calendar: decider.calendar)
            try react(to: index, source, depth: depth, in: &cascade)
            cause = happening.id
        }
    }

    private func react(
        to index: Int, _ source: ReactionSource, depth: Int, in cascade: inout Cascade
    ) throws {
        let links = cascade.network.links(to: cascade.happenings[index].draft, of: name)
        guard !links.isEmpty else { return }
        // All that follows from this move is read in one trip. When one of them looks at what another before it wrote,
        // it is read again, and with it all that are left.
        let reads = links.map { $0.runner.reads(for: $0.reaction, source) }
        var results = reads.allSatisfy(\.isEmpty) ? [] : try cascade.trip(reads.flatMap(\.self))
        var generation = cascade.generation
        for (position, link) in links.enumerated() {
            if cascade.isStale(reads[position], since: generation) {
                results = try cascade.trip(reads[position...].flatMap(\.self))
                generation = cascade.generation
            }
            let mine = Array(results.prefix(reads[position].count))
            results.removeFirst(mine.count)
            try link.runner.follow(link.reaction, mine, source, because: index, depth: depth + 1, in: &cascade)
        }
    }

    /// Ends the transaction with the answer to its command.
    func finish(_ standing: RecordStanding, in cascade: inout Cascade) throws -> Receipt {
        let key = RecordKey(machine: name, record: standing.id)
        let armed = cascade.timers(of: key, read: TimerState()).armed
        let receipt = answer(.done, standing, next: armed, in: cascade)
        try cascade.finish(receipt, hash: cascade.command.requestHash)
        return receipt
    }

    func answer(
        _ result: Receipt.Result, _ standing: RecordStanding, next armed: [TimerOccurrence], in cascade: Cascade
    ) -> Receipt {
        Receipt(result, standing, next: next(armed), of: cascade)
    }

    /// Armed timers as people see them, soonest first.
    func next(_ armed: [TimerOccurrence]) -> [Receipt.Next] {
        let named = armed.filter { !$0.timer.hasPrefix(TimerState.again) }
        return named.sorted { $0.moment < $1.moment }.map { occurrence in
            let title = machine.timer(named: occurrence.timer)?.title ?? occurrence.timer
            return .init(timer: occurrence.timer, at: occurrence.moment, will: title)
        }
    }

}

extension MachineRunner {
    var titled: String { machine.title.lowercased() }

    /// Of a record that does not exist, and just so of one that is not the visitor's.
    var notFound: Refusal {
        Refusal(status: 404, code: "not_found", message: "There is no such \(titled).")
    }
}
