import Database
public import Foundation
import StateMachines

extension Engine {
    /// Runs a reaction that was left to transactions of its own: one command for each record that it reaches, in order.
    ///
    /// Safe to be run again: the commands' ids are derived. A record that refuses does not keep the others waiting; its
    /// refusal is noted among the refusals, for the event that caused it is committed, or parked as the file says.
    ///
    /// - Parameters:
    ///   - later: What its job carries.
    ///   - now: The present, UTC.
    /// - Throws: `Refusal`, the first, where the file says `fail`, after every record was tried; `DatabaseError`;
    ///   ``EngineError``.
    public func run(_ later: LaterReaction, now: Date) async throws {
        let runner = try runner(later.machine)
        let origin = try self.runner(later.source)
        guard let reaction = runner.machine.reactions.first(where: { $0.name == later.reaction }) else {
            throw EngineError.unknown("\(later.machine) has no reaction \"\(later.reaction)\" any more.")
        }
        let calendar = calendar
        let found = try await pool.run { session -> (ReactionSource, [UUID])? in
            guard
                let columns = try origin.columns(of: later.record, in: session),
                let event = try session.query(
                    """
                    SELECT move, inputs, role, actor_kind, actor_id, as_of FROM workflow_events
                    WHERE id = \(later.event)
                    """
                ).first
            else { return nil }
            let inputs = try JSONDecoder().decode(
                [String: JSONValue].self, from: Data(event.value("inputs", as: JSON.self).text.utf8))
            let actor = Actor(
                kind: Actor.Kind(rawValue: try event.value("actor_kind")) ?? .system,
                id: try event.optional("actor_id"), role: try event.value("role"))
            let source = ReactionSource(
                machine: later.source, record: later.record, move: try event.value("move"), event: later.event,
                actor: actor, inputs: inputs, columns: columns, asOf: try event.value("as_of"), now: now,
                calendar: calendar)
            guard let query = runner.found(by: reaction, source) else { return nil }
            return (source, try session.query(query).map { try $0.value("id") })
        }
        guard let (source, records) = found, let move = reaction.move?.text else { return }
        var failure: Refusal?
        for record in records {
            var command = Command(
                id: UUID(
                    derivedFrom: "reaction", later.event.uuidString, later.machine, later.reaction, record.uuidString),
                machine: later.machine, record: record, move: move, inputs: runner.inputs(of: reaction, source),
                actor: .system)
            command.cause = later.event
            guard case .refused(let refusal) = try await perform(command, now: now) else { continue }
            switch reaction.ifRefused ?? .fail {
            case .note: continue
            case .park: try await park(refusal, of: command, because: later.event)
            case .fail: failure = failure ?? refusal
            }
        }
        if let failure { throw failure }
    }

    private func park(_ refusal: Refusal, of command: Command, because event: UUID) async throws {
        let because = JSON(text: refusal.asTask(of: command.move).json)
        try await pool.transaction { session in
            _ = try session.pipeline([
                "SET LOCAL ROLE drizzl_engine",
                """
                INSERT INTO workflow_attention (id, machine, record_id, task, because, opened_by)
                VALUES (\(UUID.v7()), \(command.machine), \(command.record), \(TaskOpening.refused), \(because), \(event))
                ON CONFLICT DO NOTHING
                """,
            ])
        }
    }
}
