public import Foundation

/// Decides what becomes of a request, from a machine's definition and the code behind its names.
///
/// Pure: reads no clock, no database and no environment, so the same arguments give the same answer.
/// Source: docs/lifecycle-files.md.
public struct Decider<Facts: Governed>: Sendable {
    /// The lifecycle.
    public let machine: Machine
    /// The words it uses.
    public let vocabulary: Vocabulary
    /// The code behind its names.
    public let rules: Rules<Facts>
    /// The company's calendar.
    public let calendar: CompanyCalendar

    /// Makes a decider.
    public init(machine: Machine, vocabulary: Vocabulary, rules: Rules<Facts>, calendar: CompanyCalendar) {
        (self.machine, self.vocabulary, self.rules, self.calendar) = (machine, vocabulary, rules, calendar)
    }

    /// Decides a move of a record.
    ///
    /// - Parameters:
    ///   - request: What is asked.
    ///   - standing: Where the record stands, read under its lock.
    ///   - facts: Its facts, read under its lock.
    /// - Returns: What becomes of it.
    /// - Throws: ``DecisionFault`` when file and code disagree.
    public func decide(
        _ request: MoveRequest, on standing: RecordStanding, facts: Facts
    ) throws(DecisionFault) -> Decision<Facts> {
        guard let move = machine.move(named: request.move) else {
            return .refused(unknownMove(request.move, state: standing.state))
        }
        if let expected = request.expectedSeq, expected != standing.seq {
            return .refused(changedMeanwhile(expected: expected, standing))
        }
        if move.already.contains(where: { $0 == standing.state }) { return .already }
        guard move.from.contains(where: { $0 == standing.state }) else {
            return .refused(notFromHere(move, standing.state, for: request.actor))
        }
        if let refusal = denial(of: move, to: request.actor, facts: facts) {
            return .refused(refusal.in(standing.state))
        }
        switch try contextAndGuards(of: move, request, facts: facts) {
        case .failure(let refusal): return .refused(refusal.in(standing.state))
        case .success(let context): return .done(try make(move, from: standing, facts: facts, context))
        }
    }

    /// Decides the making of a record whose facts `facts` will be.
    ///
    /// - Parameters:
    ///   - request: What is asked; its move is `create`.
    ///   - id: The id that the record will have.
    ///   - facts: The facts with which it begins, before `apply`.
    /// - Returns: What becomes of it.
    /// - Throws: ``DecisionFault`` when file and code disagree.
    public func create(_ request: MoveRequest, id: UUID, facts: Facts) throws(DecisionFault) -> Decision<Facts> {
        let move = machine.create
        if let refusal = denial(of: move, to: request.actor, facts: facts) { return .refused(refusal) }
        switch try contextAndGuards(of: move, request, facts: facts) {
        case .failure(let refusal): return .refused(refusal)
        case .success(let context):
            let nowhere = RecordStanding(id: id, state: "", seq: 0, since: context.asOf)
            return .done(try make(move, from: nowhere, facts: facts, context))
        }
    }

    private func contextAndGuards(
        of move: Move, _ request: MoveRequest, facts: Facts
    ) throws(DecisionFault) -> Result<MoveContext, Refusal> {
        let inputs: Inputs
        do { inputs = try Inputs(request.inputs, for: move.inputs) } catch { return .failure(error) }
        let context = MoveContext(
            actor: request.actor, inputs: inputs, now: request.now, asOf: request.asOf, calendar: calendar)
        let reasons = try refusals(of: move.requires, facts, context)
        if let first = reasons.first {
            return .failure(Refusal(status: first.status, reasons: reasons.map(\.reason)))
        }
        return .success(context)
    }

    private func make(
        _ move: Move, from standing: RecordStanding, facts before: Facts, _ context: MoveContext
    ) throws(DecisionFault) -> Change<Facts> {
        var facts = before
        for word in move.apply {
            guard let apply = rules.applies[word.text] else { throw .missingCode(word.text) }
            apply(&facts, context)
        }
        let outcome = try target(of: move, standing, facts, context)
        let isNew = move.kind == .create
        let enters = isNew || outcome.to != standing.state
        if enters, let column = machine.state(named: outcome.to)?.stamps {
            facts.stamp(column.text, at: context.asOf, calendar: calendar)
        }
        if enters { try check(holdsOf: outcome.to, facts, context) }
        var event = EventDraft(
            kind: EventDraft.Kind(move.kind), seq: standing.seq + 1, move: move.name.text,
            from: isNew ? nil : standing.state, to: outcome.to, actor: context.actor, inputs: context.inputs.given,
            asOf: context.asOf)
        event.skipped = isNew ? [] : passedOver(from: standing.state, to: outcome.to)
        event.changes = differences(before: isNew ? [:] : before.columns, after: facts.columns)
        event.jobs = try queued(move.jobs + outcome.jobs, facts, context)
        event.opens = move.opens.map(\.text)
        event.closes = (move.closes + outcome.closes).map(\.text)
        let after = RecordStanding(
            id: standing.id, state: outcome.to, seq: standing.seq + 1,
            since: enters ? context.asOf : standing.since,
            previous: enters && !isNew ? standing.state : standing.previous)
        return Change(facts: facts, standing: after, events: [event])
    }

    private func target(
        of move: Move, _ standing: RecordStanding, _ facts: Facts, _ context: MoveContext
    ) throws(DecisionFault) -> (to: String, jobs: [JobCall], closes: [Word]) {
        func state(_ word: String) -> String {
            switch word {
            case "same": standing.state
            case "previous": standing.previous ?? machine.initial.text
            default: word
            }
        }
        guard case .outcomes(let outcomes) = move.target else {
            return (state(move.target.word), [], [])
        }
        for outcome in outcomes where try refusals(of: outcome.when, facts, context).isEmpty {
            return (state(outcome.to.text), outcome.jobs, outcome.closes)
        }
        // The checker demands a last outcome without conditions (W051).
        throw .missingCode("\(move.name) has no outcome left")
    }

    private func check(holdsOf state: String, _ facts: Facts, _ context: MoveContext) throws(DecisionFault) {
        for hold in machine.state(named: state)?.holds ?? [] where try !refusals(of: [hold], facts, context).isEmpty {
            throw .brokenHold(machine: machine.name.text, state: state, hold: hold.text)
        }
    }

    private func passedOver(from: String, to: String) -> [String] {
        let names = machine.states.map(\.name.text)
        guard let start = names.firstIndex(of: from), let end = names.firstIndex(of: to), start + 1 < end else {
            return []
        }
        return names[(start + 1)..<end].filter { !machine.isFinal($0) }
    }

    private func differences(before: [String: JSONValue], after: [String: JSONValue]) -> [String: JSONValue] {
        var changes: [String: JSONValue] = [:]
        for (column, value) in after where before[column] ?? .null != value {
            changes[column] = .array([before[column] ?? .null, value])
        }
        return changes
    }
}
