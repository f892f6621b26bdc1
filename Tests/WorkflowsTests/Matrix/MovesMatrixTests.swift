import Foundation
import StateMachines
import Testing
import Workflows

/// Generated from the shipped files: every pair of a state and a move, every guard, every role.
@Suite("every move of every machine", .serialized)
struct MovesMatrixTests {
    @Test(
        "moves where its file says so, answers \"already\" where it says so, and is refused everywhere else",
        arguments: MatrixBed.machines)
    func pairs(machine: String) async throws {
        try await MatrixBed.with { bed in
            let file = try bed.machine(machine)
            for state in file.states.map(\.name.text) {
                for move in file.moves { try await pair(state, move, of: file, in: bed) }
            }
        }
    }

    private func pair(_ state: String, _ move: Move, of file: Machine, in bed: MatrixBed) async throws {
        let machine = file.name.text
        let record = try await bed.record(of: machine, in: state)
        let before = try await bed.standing(of: machine, record)
        let written = try await bed.written()
        let outcome = try await bed.perform(move, of: machine, on: record)
        let after = try await bed.standing(of: machine, record)
        let pair: Comment = "\(machine): \(move.name) from \(state)"
        if move.already.contains(where: { $0 == state }) {
            #expect(outcome.receipt?.result == .already, pair)
            #expect(after == before, pair)
        } else if move.from.contains(where: { $0 == state }) {
            #expect(outcome.receipt?.result == .done, pair)
            #expect(after.seq == before.seq + 1, pair)
            #expect(after.state == target(of: move, from: before), pair)
            let kinds = (move.jobs + firstOutcome(of: move).jobs).map(\.kind.text)
            #expect(outcome.receipt?.jobs.filter { $0.record == record }.map(\.kind).sorted() == kinds.sorted(), pair)
            let open = try await bed.engine.explain(
                machine: machine, record: record, actor: .system, now: MatrixBed.start)?.tasks.map(\.task)
            #expect(Set(move.opens.map(\.text)).isSubset(of: open ?? []), pair)
        } else {
            #expect(outcome.codes == ["not_from_here"], pair)
            #expect(try await bed.written() == written, pair)
            #expect(after == before, pair)
        }
    }

    private func firstOutcome(of move: Move) -> OutcomeRule {
        if case .outcomes(let rules) = move.target { rules[0] } else { OutcomeRule(to: "same") }
    }

    private func target(of move: Move, from standing: RecordStanding) -> String {
        let word =
            switch move.target {
            case .state(let word), .same(let word), .previous(let word): word.text
            case .outcomes(let rules): rules[0].to.text
            }
        return word == "same" ? standing.state : word == "previous" ? standing.previous ?? "" : word
    }

    @Test(
        "is refused by each of its guards, with the guard's code and status, and nothing is written",
        arguments: MatrixBed.machines)
    func guards(machine: String) async throws {
        try await MatrixBed.with { bed in
            let file = try bed.machine(machine)
            for move in file.moves {
                let record = try await bed.record(of: machine, in: move.from[0].text)
                for word in Set(move.requires.map(\.text)) {
                    let written = try await bed.written()
                    let outcome = try await bed.switches.with {
                        $0.falseGuards = [word]
                    } _: {
                        try await bed.perform(move, of: machine, on: record)
                    }
                    let known = bed.files.vocabulary.guard(named: word)
                    #expect(outcome.codes == [known?.code ?? ""], "\(machine).\(move.name) without \(word)")
                    if case .refused(let refusal) = outcome {
                        #expect("\(refusal.status)" == known?.status.text)
                        #expect(refusal.state == move.from[0].text)
                    }
                    #expect(try await bed.written() == written, "\(machine).\(move.name) without \(word)")
                }
                // All at once: every reason is given, in the order of the file.
                let all = move.requires.map(\.text)
                let outcome = try await bed.switches.with {
                    $0.falseGuards = Set(all)
                } _: {
                    try await bed.perform(move, of: machine, on: record)
                }
                let codes = all.compactMap { bed.files.vocabulary.guard(named: $0)?.code }
                if !all.isEmpty { #expect(outcome.codes == codes, "\(machine).\(move.name)") }
            }
        }
    }

    @Test(
        "is denied to every role that is not named, to an admin without the permission, and to who may not",
        arguments: MatrixBed.machines)
    func roles(machine: String) async throws {
        try await MatrixBed.with { bed in
            let file = try bed.machine(machine)
            for move in file.moves {
                let record = try await bed.record(of: machine, in: move.from[0].text)
                let written = try await bed.written()
                for role in bed.files.vocabulary.roles where !move.who.contains(role.name) {
                    let outcome = try await bed.perform(move, of: machine, on: record, by: role.name.text)
                    #expect(outcome.codes == ["role"], "\(machine).\(move.name) by \(role.name)")
                }
                if move.permission != nil, move.who.contains(where: { $0 == "admin" }) {
                    let outcome = try await bed.perform(move, of: machine, on: record, by: "admin", permissions: [])
                    #expect(outcome.codes == ["permission"], "\(machine).\(move.name)")
                }
                for separation in move.notBy {
                    let outcome = try await bed.switches.with {
                        $0.isSeparated = true
                    } _: {
                        try await bed.perform(move, of: machine, on: record)
                    }
                    #expect(outcome.codes == ["not_by_\(separation)"], "\(machine).\(move.name)")
                }
                #expect(try await bed.written() == written, "\(machine).\(move.name)")
            }
        }
    }

    @Test("refuses an input that is missing, and one that is not asked for", arguments: MatrixBed.machines)
    func inputs(machine: String) async throws {
        try await MatrixBed.with { bed in
            let file = try bed.machine(machine)
            for move in file.moves {
                let record = try await bed.record(of: machine, in: move.from[0].text)
                for ask in move.inputs where ask.isRequired {
                    var inputs = bed.inputs(for: move)
                    inputs[ask.name.text] = nil
                    let outcome = try await bed.perform(move, of: machine, on: record, inputs: inputs)
                    #expect(outcome.codes == ["input_missing"], "\(machine).\(move.name) without \(ask.name)")
                }
                var inputs = bed.inputs(for: move)
                inputs["nobody_asked"] = true
                let outcome = try await bed.perform(move, of: machine, on: record, inputs: inputs)
                #expect(outcome.codes == ["input_unknown"], "\(machine).\(move.name)")
            }
        }
    }

    @Test("takes its last outcome when no condition of another holds", arguments: MatrixBed.machines)
    func lastOutcome(machine: String) async throws {
        try await MatrixBed.with { bed in
            let file = try bed.machine(machine)
            for move in file.moves {
                guard case .outcomes(let rules) = move.target else { continue }
                let record = try await bed.record(of: machine, in: move.from[0].text)
                let conditions = Set(rules.flatMap(\.when).map(\.text)).subtracting(move.requires.map(\.text))
                _ = try await bed.switches.with {
                    $0.falseGuards = conditions
                } _: {
                    try await bed.done(bed.perform(move, of: machine, on: record))
                }
                let last = rules.last?.to.text ?? ""
                #expect(
                    try await bed.standing(of: machine, record).state == (last == "same" ? move.from[0].text : last))
            }
        }
    }
}
