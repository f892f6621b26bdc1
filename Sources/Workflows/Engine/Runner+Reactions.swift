import Database
import Foundation
import Jobs
import StateMachines

extension Runner {
    func reads(for reaction: Reaction, _ source: ReactionSource) -> [SQL] {
        guard reaction.run == .together else { return [] }
        if let factory = reaction.create { return lifecycle.factories[factory.text]?.read(source) ?? [] }
        guard let found = found(by: reaction, source) else { return [] }
        guard reaction.move != nil else { return [found] }
        return reads(found, command(of: reaction, source))
    }

    /// Reads records that are about to be moved, and in which order.
    private func reads(_ found: SQL, _ command: Command) -> [SQL] {
        lifecycle.load(found, for: command, locking: true) + TimerState.read(machine, found) + [found]
    }

    func found(by reaction: Reaction, _ source: ReactionSource) -> SQL? {
        guard let name = reaction.find?.text, let finder = lifecycle.finders[name] else { return nil }
        let states = decider.vocabulary.finders.first { $0.name == name }?.states.map(\.text) ?? []
        // The finder says in which order they are reached, which a join alone would not keep.
        let reached: SQL = "SELECT g.id, row_number() OVER () AS place FROM (\(finder(source))) AS g (id)"
        guard !states.isEmpty else { return "SELECT f.id FROM (\(reached)) AS f ORDER BY f.place" }
        // Names of tables and columns cannot be bound; these come from files whose names the loader has checked.
        return """
            SELECT f.id FROM (\(reached)) AS f
            JOIN \(unsafeUnescaped: machine.entity.text) AS t ON t.id = f.id
            WHERE t.\(unsafeUnescaped: machine.field.text) = ANY(\(states))
            ORDER BY f.place
            """
    }

    func follow(
        _ reaction: Reaction, _ results: [StatementResult], _ source: ReactionSource, because index: Int, depth: Int,
        in cascade: inout Cascade
    ) throws {
        if reaction.run == .later {
            cascade.postpone(try LaterReaction(machine: name, reaction: reaction.name.text, source).request)
        } else if let factory = reaction.create {
            for record in try lifecycle.factories[factory.text]?.make(results, source) ?? [] {
                let request = MoveRequest(move: "create", actor: .system, now: cascade.now, asOf: source.asOf)
                _ = try make(record, request, cause: source.event, depth: depth, in: &cascade)
            }
        } else if reaction.move != nil {
            try moveAll(reaction, results, source, because: index, depth: depth, in: &cascade)
        } else {
            for row in results.first?.rows ?? [] {
                let key = RecordKey(machine: name, record: try row.value("id"))
                for call in reaction.jobs { cascade.queue(call, about: key, because: index) }
                for task in reaction.opens { cascade.open(TaskOpening(key: key, task: task.text), because: index) }
            }
        }
    }

    private func moveAll(
        _ reaction: Reaction, _ results: [StatementResult], _ source: ReactionSource, because index: Int, depth: Int,
        in cascade: inout Cascade
    ) throws {
        var found = try loaded(results)
        var generation = cascade.generation
        while !found.isEmpty {
            let rest = found.map(\.record.standing.id)
            let still = self.found(by: reaction, source) ?? "SELECT unnest(\(rest)) AS id"
            let left: SQL = "SELECT s.id FROM (\(still)) AS s WHERE s.id = ANY(\(rest))"
            if cascade.isStale(reads(left, command(of: reaction, source)), since: generation) {
                // What the one before set off may have changed the others, or taken them out of the finder's sight.
                found = try loaded(cascade.trip(reads(left, command(of: reaction, source))))
                generation = cascade.generation
                guard !found.isEmpty else { return }
            }
            let (record, timers) = found.removeFirst()
            try move(record, timers, reaction, source, because: index, depth: depth, in: &cascade)
        }
    }

    private func move(
        _ record: Loaded<L.Facts>, _ read: TimerState, _ reaction: Reaction, _ source: ReactionSource,
        because index: Int, depth: Int, in cascade: inout Cascade
    ) throws {
        let key = RecordKey(machine: name, record: record.standing.id)
        let timers = cascade.timers(of: key, read: read)
        var before = record
        try demandKnown(before.standing)
        before.standing.previous = timers.previousState
        let request = MoveRequest(
            move: reaction.move?.text ?? "", inputs: inputs(of: reaction, source), actor: .system, now: cascade.now,
            asOf: source.asOf)
        switch try decider.decide(request, on: before.standing, facts: before.facts) {
        case .already:
            return
        case .refused(let refusal):
            switch reaction.ifRefused ?? .fail {
            case .fail: throw refusal
            case .park: cascade.open(.refused(request.move, on: key, refusal), because: index)
            case .note: break
            }
            cascade.note(.init(what: "\(name).\(request.move)", reasons: refusal.reasons), in: index)
        case .done(let change):
            for call in reaction.jobs { cascade.queue(call, about: key, because: index) }
            for task in reaction.opens { cascade.open(TaskOpening(key: key, task: task.text), because: index) }
            let statements = lifecycle.update(change, before: before)
            try settle(change, statements, timers, cause: source.event, depth: depth, in: &cascade)
        }
    }

    private func loaded(_ results: [StatementResult]) throws -> [(record: Loaded<L.Facts>, timers: TimerState)] {
        let own = results.count - TimerState.statements - 1
        let records = Dictionary(
            try lifecycle.loaded(Array(results.prefix(own))).map { ($0.standing.id, $0) },
            uniquingKeysWith: { one, _ in one })
        let timers = try TimerState.states(results.dropFirst(own), of: machine)
        var seen: Set<UUID> = []
        return try results[results.count - 1].rows.compactMap { row in
            let id = try row.value("id", as: UUID.self)
            guard seen.insert(id).inserted, let record = records[id] else { return nil }
            return (record, timers[id] ?? TimerState())
        }
    }

    /// The inputs of the reaction's move; a correction carries its cause's reason, or else says what it follows from.
    func inputs(of reaction: Reaction, _ source: ReactionSource) -> [String: JSONValue] {
        var inputs = reaction.inputs(from: source)
        guard let move = reaction.move.flatMap({ machine.move(named: $0.text) }), move.kind == .correction,
            inputs["reason"] == nil
        else { return inputs }
        inputs["reason"] = source.inputs["reason"] ?? .string(reaction.title)
        return inputs
    }

    /// What loading is told: the reaction's move, for facts that depend on it.
    private func command(of reaction: Reaction, _ source: ReactionSource) -> Command {
        Command(
            id: source.event, machine: name, record: source.record, move: reaction.move?.text ?? "",
            inputs: inputs(of: reaction, source), actor: .system)
    }

    func columns(of record: UUID, in session: Session) throws -> [String: JSONValue]? {
        let results = try session.pipeline(lifecycle.load("SELECT \(record)::uuid", for: nil, locking: false))
        return try lifecycle.loaded(results).first?.facts.columns
    }
}
