public import Accounts
public import Database
public import Foundation
public import StateMachines

/// The one door through which a record changes its state.
///
/// A command is one transaction: the change, its history, its jobs, its timers and what follows from it in other records
/// are committed together or not at all. It takes two round trips, one that locks and reads and one that writes and
/// commits, and one more for each level of what follows, where what depends on what a sibling wrote is a level deeper.
/// Source: docs/lifecycle-files.md.
public struct Engine: Sendable {
    /// What a runner needs besides its machine.
    struct Surroundings: Sendable {
        var vocabulary: Vocabulary
        var calendar: CompanyCalendar
        var definitionHash: [UInt8]
    }

    /// How often a command is tried again after a serialization failure, a deadlock or a race for its id.
    static let retries = 3

    let pool: Pool
    let network: MachineNetwork
    let calendar: CompanyCalendar
    let committed: @Sendable () -> Void

    /// Makes an engine that is known to be able to run: see ``start(_:lifecycles:calendar:pool:committed:)``.
    init(pool: Pool, network: MachineNetwork, calendar: CompanyCalendar, committed: @escaping @Sendable () -> Void) {
        (self.pool, self.network, self.calendar, self.committed) = (pool, network, calendar, committed)
    }

    /// The definition of a machine that runs.
    ///
    /// - Throws: ``EngineError/unknownMachine(_:)``.
    public func definition(of machine: String) throws -> Machine { try runner(machine).machine }

    /// The definitions of all machines that run, by name.
    public var definitions: [Machine] {
        network.runners.values.map(\.machine).sorted { $0.name.text < $1.name.text }
    }

    /// What the words of the files mean, for people.
    public var vocabulary: Vocabulary { network.vocabulary }

    /// Does what a command asks, or says why not.
    ///
    /// Safe to be called again with the same command whatever happened, from any process. A refusal writes nothing but
    /// a row for the refusals' list. Serialization failures and deadlocks are tried again with the same id.
    ///
    /// - Parameters:
    ///   - command: What is asked.
    ///   - now: The present, UTC.
    /// - Returns: What became of it.
    /// - Throws: `DatabaseError` when the database cannot be reached or refuses; ``EngineError``; `DecisionFault` when
    ///   a `holds` is broken or too much follows. Nothing is written then, unless the connection was lost on the way to
    ///   the commit (`DatabaseError.isOutcomeUnknown`): send the same command again to learn which.
    public func perform(_ command: Command, now: Date) async throws -> Outcome {
        let runner = try runner(command.machine)
        return try await settle(command, now: now) { cascade in try runner.perform(command, in: &cascade) }
    }

    /// Runs a command's transaction; afterwards wakes who waits for its jobs, or notes its refusal.
    func settle(
        _ command: Command, now: Date, _ body: @Sendable (inout Cascade) throws -> Receipt
    ) async throws -> Outcome {
        let (outcome, hasQueued) = try await transaction(command, now: now) { cascade in
            do {
                let receipt = try body(&cascade)
                return (Outcome.done(receipt), cascade.hasQueued)
            } catch let refusal as Refusal {
                try cascade.session.rollback()
                return (.refused(refusal), false)
            }
        }
        if hasQueued { committed() }
        if case .refused(let refusal) = outcome, !command.isDryRun { try await note(refusal, of: command) }
        return outcome
    }

    /// Fires one timer that is due.
    ///
    /// Does nothing when somebody else has fired it or it is no longer armed. A move that something refuses is not
    /// made, and the timer's event says so.
    ///
    /// - Parameters:
    ///   - timer: The row that is due.
    ///   - now: The present, UTC.
    /// - Throws: As ``perform(_:now:)``.
    public func fire(_ timer: DueTimer, now: Date) async throws {
        let runner = try runner(timer.machine)
        var command = Command(
            id: timer.commandID, machine: timer.machine, record: timer.record, move: timer.occurrence.timer,
            actor: .system)
        command.asOf = timer.occurrence.moment
        let asked = command
        let hasQueued = try await transaction(asked, now: now) { cascade in
            do {
                _ = try runner.fire(timer, refused: nil, in: &cascade)
                return cascade.hasQueued
            } catch let refusal as Refusal {
                // Something that must follow was refused, so the move is not made; the firing still counts.
                try cascade.session.rollback()
                var second = Cascade(asked, in: cascade.session, network: cascade.network, now: now)
                _ = try runner.fire(timer, refused: refusal, in: &second)
                return second.hasQueued
            }
        }
        if hasQueued { committed() }
    }

    /// The rows that are due at `now` and whose timers this engine's files know, oldest moment first.
    ///
    /// The others belong to another version of the program that runs beside this one. Of each record only the first.
    ///
    /// - Parameters:
    ///   - now: The present, UTC.
    ///   - limit: How many at most.
    /// - Returns: The statement; its rows are read with `DueTimer(_:)`.
    public func due(at now: Date, limit: Int) -> SQL {
        let known = network.runners.flatMap { name, runner in runner.timerNames.map { (name, $0) } }
        return DueTimer.due(
            at: now, limit: limit,
            """
            (machine, timer) IN (SELECT * FROM unnest(\(known.map(\.0))::text[], \(known.map(\.1))::text[]))
            """)
    }

    /// Puts off a timer whose firing failed, so that it does not stand in the way of the others.
    ///
    /// - Throws: `DatabaseError`.
    public func postpone(_ timer: DueTimer, until moment: Date) async throws {
        try await pool.transaction { session in
            _ = try session.pipeline(["SET LOCAL ROLE drizzl_engine", DueTimer.postpone(timer, until: moment)])
        }
    }

    /// What an actor can do with a record at this moment, what stands in the way, and what happens by itself.
    ///
    /// - Returns: nil when there is no such record.
    /// - Throws: `DatabaseError`, ``EngineError``.
    public func explain(
        machine: String, record: UUID, actor: Actor, now: Date
    ) async throws -> Explanation? {
        try await explain(machine: machine, records: [record], actor: actor, now: now)[record]
    }

    /// The same for many records of one machine, in one round trip.
    ///
    /// - Returns: The explanations by record; a record that does not exist has none.
    /// - Throws: `DatabaseError`, ``EngineError``.
    public func explain(
        machine: String, records: [UUID], actor: Actor, now: Date
    ) async throws -> [UUID: Explanation] {
        let runner = try runner(machine)
        return try await pool.run { session in
            try runner.explain(records, actor: actor, visitor: nil, now: now, in: session)
        }
    }

    /// The same for somebody from outside, who sees nothing of records that are not theirs to see.
    ///
    /// - Returns: The explanations by record; a record that they do not see has none, as if it did not exist.
    /// - Throws: `DatabaseError`, ``EngineError``.
    public func explain(
        machine: String, records: [UUID], visitor: Visitor, now: Date
    ) async throws -> [UUID: Explanation] {
        let runner = try runner(machine)
        return try await pool.run { session in
            try runner.explain(records, actor: visitor.actor, visitor: visitor, now: now, in: session)
        }
    }

    func runner(_ machine: String) throws -> any MachineRunner {
        guard let runner = network.runners[machine] else { throw EngineError.unknownMachine(machine) }
        return runner
    }

    func transaction<T: Sendable>(
        _ command: Command, now: Date, _ body: @Sendable (inout Cascade) throws -> T
    ) async throws -> T {
        let network = network
        return try await retrying {
            try await pool.run { session in
                var cascade = Cascade(command, in: session, network: network, now: now)
                return try body(&cascade)
            }
        }
    }

    private func retrying<T: Sendable>(_ body: () async throws -> T) async throws -> T {
        for _ in 0..<Self.retries {
            do {
                return try await body()
            } catch let error as DatabaseError where error.isRace {
                // Another command won; look again at what it left.
                continue
            }
        }
        return try await body()
    }

    private func note(_ refusal: Refusal, of command: Command) async throws {
        // The name of a move that does not exist may be anything; PostgreSQL keeps no NUL.
        let move = command.move.prefix(64).replacing("\0", with: "")
        let messages = refusal.reasons.map { String($0.message.prefix(500)).replacing("\0", with: "") }
        let row: SQL = """
            INSERT INTO workflow_refusals (id, machine, record_id, move, state, role, actor_kind, actor_id, codes, messages)
            VALUES (\(UUID.v7()), \(command.machine), \(command.record), \(String(move)), \(refusal.state),
                \(command.actor.role), \(command.actor.kind.rawValue), \(command.actor.id), \(refusal.codes),
                \(messages))
            """
        guard command.actor.kind == .service, refusal.status != 404 else {
            _ = try await pool.query(row)
            return
        }
        // Nobody looks at a screen there, so somebody here is asked to.
        let because = JSON(text: refusal.asTask(of: String(move)).json)
        try await pool.transaction { session in
            _ = try session.pipeline([
                row, "SET LOCAL ROLE drizzl_engine",
                """
                INSERT INTO workflow_attention (id, machine, record_id, task, because)
                VALUES (\(UUID.v7()), \(command.machine), \(command.record), 'refused_service', \(because))
                ON CONFLICT DO NOTHING
                """,
            ])
        }
    }
}

extension DatabaseError {
    /// Whether another transaction was quicker, so that trying again may succeed.
    var isRace: Bool {
        // A unique key that was free when the facts were read: the command's id, a payment's reference.
        kind == .serialization || kind == .deadlock || sqlState == "23505"
    }
}

extension Refusal {
    /// Of a record that was changed meanwhile: what was done, by whom and when.
    func telling(
        whatChanged standing: RecordStanding, since seq: Int?, _ machine: String, in session: Session
    ) throws -> Refusal {
        guard let seq, codes == ["changed_meanwhile"] else { return self }
        let rows = try session.query(
            """
            SELECT move, role, at FROM workflow_events
            WHERE machine = \(machine) AND record_id = \(standing.id) AND seq > \(seq) ORDER BY seq LIMIT 10
            """)
        let changes = try rows.map { row in
            let at = try row.value("at", as: Date.self).formatted(.iso8601)
            return "\(try row.value("move", as: String.self)) by \(try row.value("role", as: String.self)) at \(at)"
        }
        guard !changes.isEmpty else { return self }
        var refusal = self
        refusal.reasons[0].message += " Since then: \(changes.joined(separator: "; "))."
        return refusal
    }
}
