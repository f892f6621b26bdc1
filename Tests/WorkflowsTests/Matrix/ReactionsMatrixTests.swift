import Database
import Foundation
import StateMachines
import Testing
import Workflows

/// Generated from the shipped files: every reaction.
@Suite("every reaction of every machine", .serialized)
struct ReactionsMatrixTests {
    /// A source in a state from which a move sets the reaction off.
    private struct Source {
        var machine: String
        var record: UUID
        var move: Move
    }

    @Test(
        "happens in the same transaction, or is left to a job where its file says later", arguments: MatrixBed.machines)
    func happens(machine: String) async throws {
        try await MatrixBed.with { bed in
            let file = try bed.machine(machine)
            for reaction in file.reactions {
                for trigger in reaction.when {
                    let comment: Comment = "\(machine).\(reaction.name) when \(trigger.machine) \(trigger.subject)"
                    guard let source = try await self.source(of: trigger, bed) else { continue }
                    let target = try await target(of: reaction, in: file, source, bed)
                    let receipt = try await bed.switches.with {
                        $0.making = making(reaction)
                    } _: {
                        try bed.done(await perform(source, bed))
                    }
                    let own = receipt.caused.filter { $0.machine == machine }
                    if reaction.create != nil {
                        #expect(own.contains { $0.move == "create" }, comment)
                    } else if reaction.run == .later {
                        #expect(own.isEmpty, comment)
                        try await runLater(reaction, target, of: file, bed)
                    } else if let move = reaction.move, let target {
                        #expect(own.contains { $0.move == move.text && $0.record == target }, comment)
                    } else {
                        #expect(Set(reaction.opens.map(\.text)).isSubset(of: receipt.opened), comment)
                        let jobs = receipt.jobs.filter { $0.machine == machine && $0.record == target }
                        #expect(Set(reaction.jobs.map(\.kind.text)).isSubset(of: jobs.map(\.kind)), comment)
                    }
                }
            }
        }
    }

    @Test("that is refused is noted, parked, or refuses everything, as its file says", arguments: MatrixBed.machines)
    func refused(machine: String) async throws {
        try await MatrixBed.with { bed in
            let file = try bed.machine(machine)
            for reaction in file.reactions where reaction.run == .together {
                guard let move = reaction.move.flatMap({ file.move(named: $0.text) }),
                    let trigger = reaction.when.first,
                    let source = try await self.source(of: trigger, bed)
                else { continue }
                let comment: Comment = "\(machine).\(reaction.name)"
                let elsewhere = file.states.map(\.name.text).first { state in
                    !move.from.contains { $0 == state } && !move.already.contains { $0 == state }
                        && finds(reaction, in: state, bed)
                }
                guard let elsewhere else { continue }
                let target = try await bed.record(of: machine, in: elsewhere)
                try await bed.link(source.record, to: target, of: machine)
                let before = try await bed.standing(of: source.machine, source.record)
                let outcome = try await perform(source, bed)
                switch reaction.ifRefused {
                case .fail:
                    #expect(outcome.codes == ["not_from_here"], comment)
                    #expect(try await bed.standing(of: source.machine, source.record) == before, comment)
                case .note:
                    let receipt = try bed.done(outcome)
                    #expect(receipt.noted.contains { $0.what == "\(machine).\(move.name)" }, comment)
                    #expect(!receipt.opened.contains("refused_reaction"), comment)
                case .park:
                    let receipt = try bed.done(outcome)
                    #expect(receipt.noted.contains { $0.what == "\(machine).\(move.name)" }, comment)
                    let tasks = try await bed.engine.explain(
                        machine: machine, record: target, actor: .system, now: MatrixBed.start)?.tasks.map(\.task)
                    #expect(tasks?.contains("refused_reaction") == true, comment)
                case nil: Issue.record(comment)
                }
            }
        }
    }

    private func making(_ reaction: Reaction) -> Set<String> { Set([reaction.create?.text].compactMap(\.self)) }

    /// A record whose move sets the trigger off; nil where only a move of another record's reaction would.
    private func source(of trigger: Reaction.Trigger, _ bed: MatrixBed) async throws -> Source? {
        let file = try bed.machine(trigger.machine.text)
        let moves = [file.create] + file.moves
        let move = moves.first { move in
            switch trigger.verb {
            case .does: return move.name == trigger.subject
            case .leaves: return move.from.contains(trigger.subject)
            case .enters:
                switch move.target {
                case .state(let word): return word == trigger.subject
                case .outcomes(let rules): return rules[0].to == trigger.subject
                case .same, .previous: return false
                }
            }
        }
        guard let move else { return nil }
        guard move.kind != .create else { return Source(machine: file.name.text, record: UUID.v7(), move: move) }
        let state = trigger.verb == .leaves ? trigger.subject.text : move.from[0].text
        let record = try await bed.record(of: file.name.text, in: state)
        return Source(machine: file.name.text, record: record, move: move)
    }

    private func perform(_ source: Source, _ bed: MatrixBed) async throws -> Outcome {
        guard source.move.kind == .create else {
            return try await bed.perform(source.move, of: source.machine, on: source.record)
        }
        let at: JSONValue = .string("\(MatrixBed.start.timeIntervalSince1970)")
        return try await bed.engine.perform(
            Command(
                id: UUID(), machine: source.machine, record: source.record, move: "create", inputs: ["at": at],
                actor: bed.actor(source.move.who[0].text)), now: MatrixBed.start)
    }

    private func finds(_ reaction: Reaction, in state: String, _ bed: MatrixBed) -> Bool {
        let finder = bed.files.vocabulary.finders.first { $0.name == reaction.find?.text ?? "" }
        return finder.map { $0.states.isEmpty || $0.states.contains { $0 == state } } ?? false
    }

    /// A record that the reaction reaches, in a state in which its move can be made.
    private func target(
        of reaction: Reaction, in file: Machine, _ source: Source, _ bed: MatrixBed
    ) async throws -> UUID? {
        guard reaction.find != nil else { return nil }
        let states =
            reaction.move.flatMap { file.move(named: $0.text) }?.from.map(\.text) ?? file.states.map(\.name.text)
        let state = states.first { finds(reaction, in: $0, bed) }
        let target = try await bed.record(of: file.name.text, in: try #require(state))
        try await bed.link(source.record, to: target, of: file.name.text)
        return target
    }

    private func runLater(_ reaction: Reaction, _ target: UUID?, of file: Machine, _ bed: MatrixBed) async throws {
        let rows = try await bed.pool.query(
            "SELECT payload FROM queue.jobs WHERE kind = \(LaterReaction.kind) ORDER BY id DESC LIMIT 1")
        let payload = try #require(try rows.first?.value("payload", as: JSON.self))
        let later = try JSONDecoder().decode(LaterReaction.self, from: Data(payload.text.utf8))
        let target = try #require(target)
        let seq = try await bed.standing(of: file.name.text, target).seq
        // Twice, as after a worker was lost: the commands' ids are derived.
        try await bed.engine.run(later, now: MatrixBed.start)
        try await bed.engine.run(later, now: MatrixBed.start)
        #expect(try await bed.standing(of: file.name.text, target).seq == seq + 1)
        let events = try await bed.pool.query(HistoryEntry.of(file.name.text, target)).map(HistoryEntry.init)
        #expect(events.last?.causedBy == later.event)
    }
}
