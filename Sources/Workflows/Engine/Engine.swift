import Database
public import Foundation
public import StateMachines

/// The one door through which a record changes its state.
///
/// A command is one transaction: the change, its history, its jobs and its timers are committed together or not at
/// all. It takes two round trips: one that locks and reads, one that writes and commits. Source: docs/lifecycle-files.md.
public struct Engine: Sendable {
    /// What a runner needs besides its machine.
    struct Surroundings: Sendable {
        var vocabulary: Vocabulary
        var calendar: CompanyCalendar
        var definitionHash: [UInt8]
    }

    /// How often a command is tried again after a serialization failure, a deadlock or a race for its id.
    static let retries = 3

    private let pool: Pool
    private let runners: [String: any MachineRunner]
    private let committed: @Sendable () -> Void

    /// Makes an engine that is known to be able to run: see ``start(_:lifecycles:calendar:pool:committed:)``.
    init(pool: Pool, runners: [String: any MachineRunner], committed: @escaping @Sendable () -> Void) {
        (self.pool, self.runners, self.committed) = (pool, runners, committed)
    }

    /// The definition of a machine that runs.
    ///
    /// - Throws: ``EngineError/unknownMachine(_:)``.
    public func definition(of machine: String) throws -> Machine { try runner(machine).machine }

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
    ///   a `holds` is broken. Nothing is written then, unless the connection was lost on the way to the commit
    ///   (`DatabaseError.isOutcomeUnknown`): send the same command again to learn which.
    public func perform(_ command: Command, now: Date) async throws -> Outcome {
        let runner = try runner(command.machine)
        let outcome = try await retrying {
            try await pool.run { session in try runner.perform(command, now: now, in: session) }
        }
        switch outcome {
        case .done(let receipt):
            if !receipt.isDryRun, !receipt.jobs.isEmpty { committed() }
        case .refused(let refusal):
            if !command.isDryRun { try await note(refusal, of: command) }
        }
        return outcome
    }

    /// Fires one timer that is due.
    ///
    /// Does nothing when somebody else has fired it or it is no longer armed.
    ///
    /// - Parameters:
    ///   - timer: The row that is due.
    ///   - now: The present, UTC.
    /// - Throws: As ``perform(_:now:)``.
    public func fire(_ timer: DueTimer, now: Date) async throws {
        let runner = try runner(timer.machine)
        let receipt = try await retrying {
            try await pool.run { session in try runner.fire(timer, now: now, in: session) }
        }
        if !receipt.jobs.isEmpty { committed() }
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
        let runner = try runner(machine)
        return try await pool.run { session in
            try runner.explain(record, actor: actor, now: now, in: session)
        }
    }

    private func runner(_ machine: String) throws -> any MachineRunner {
        guard let runner = runners[machine] else { throw EngineError.unknownMachine(machine) }
        return runner
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
        let row: SQL = """
            INSERT INTO workflow_refusals (id, machine, record_id, move, role, actor_kind, actor_id, codes)
            VALUES (\(UUID.v7()), \(command.machine), \(command.record), \(String(move)),
                \(command.actor.role), \(command.actor.kind.rawValue), \(command.actor.id), \(refusal.codes))
            """
        guard command.actor.kind == .service, refusal.status != 404 else {
            _ = try await pool.query(row)
            return
        }
        // Nobody looks at a screen there, so somebody here is asked to.
        let reasons = String(decoding: try JSONEncoder().encode(refusal.reasons), as: UTF8.self)
        try await pool.transaction { session in
            _ = try session.pipeline([
                row, "SET LOCAL ROLE drizzl_engine",
                """
                INSERT INTO workflow_attention (id, machine, record_id, task, because)
                VALUES (\(UUID.v7()), \(command.machine), \(command.record), 'refused_service',
                    jsonb_build_object('move', \(String(move))::text, 'reasons', \(JSON(text: reasons))))
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
