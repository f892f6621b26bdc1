import Accounts
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import StateMachines
import WebAPI
import Workflows

extension RecordPages {
    func form(_ visit: Visit) async throws -> Form {
        guard visit.request.isFromOwnPage else { throw Problem.foreignOrigin }
        return try Form(try await visit.request.formBytes())
    }

    /// Makes a move that a form asks for.
    ///
    /// The command's id was made with the form, so pressing twice does it once. A refusal shows the page again, with
    /// what was filled in and every reason beside it.
    @Sendable func move(_ visit: Visit) async throws -> Response {
        let visitor = try await visit.visitor()
        let id = try visit.id(of: kind.noun)
        let form = try await form(visit)
        guard let machine = try machine else { throw Problem.notFound(kind.noun) }
        let asked = try AskedMove(form, machine: machine)
        do {
            try asked.check()
            var command = Command(
                id: asked.command, machine: machine.name.text, record: id, move: asked.name, inputs: asked.inputs,
                visitor: visitor, expectedSeq: asked.seq)
            command.actor.address = visit.context.address
            _ = try await dependencies.perform(command)
        } catch let refusal as Refusal where refusal.status != 404 {
            return try await page(visit, id, refused: RefusedMove(asked: asked, refusal: refusal))
        }
        let back = form["back"].flatMap { back in
            RecordKind.all.contains { $0.portal == kind.portal && $0.root == back } ? back : nil
        }
        return Response(
            status: .seeOther, headers: [.location: "\(back ?? kind.path(id))?done=\(asked.name)"])
    }

    /// Makes a move of many records, and says what became of each.
    @Sendable func bulk(_ visit: Visit) async throws -> Response {
        let visitor = try await visit.visitor()
        let form = try await form(visit)
        guard let machine = try machine else { throw Problem.notFound(kind.noun) }
        guard let name = form["move"], kind.bulkMoves.contains(name), let move = machine.move(named: name) else {
            throw Form.incomplete
        }
        let prefix = BulkOutcome.pick
        let records = form.values.keys.filter { $0.hasPrefix(prefix) }
            .compactMap { UUID(uuidString: String($0.dropFirst(prefix.count))) }
            // Oldest first: ids are in the order of time.
            .sorted { $0.uuidString < $1.uuidString }
        guard !records.isEmpty else {
            return try await list(visit, notice: nil, outcome: .nothingPicked(move))
        }
        let inputs = AskedInputs(form, for: move.inputs, prefix: BulkOutcome.prefix(of: name))
        do throws(Refusal) {
            try inputs.check(for: move.inputs)
            _ = try Inputs(inputs.values, for: move.inputs)
        } catch {
            return try await list(visit, notice: nil, outcome: .refused(move, error, form: form))
        }
        let outcomes = try await dependencies.engine.perform(
            BulkCommand(
                id: try form.command, machine: machine.name.text, records: records, move: name, inputs: inputs.values,
                visitor: visitor),
            now: dependencies.now())
        let named = try await desk.several(kind.resource, records, visit)
        let names = Dictionary(named.map { ($0.id, self.name(of: $0)) }) { first, _ in first }
        return try await list(visit, notice: nil, outcome: BulkOutcome(move, outcomes, names: names))
    }

    /// Changes fields that no lifecycle governs.
    @Sendable func change(_ visit: Visit) async throws -> Response {
        let id = try visit.id(of: kind.noun)
        let form = try await form(visit)
        let asks = kind.edits.map(\.ask)
        let asked = AskedInputs(form, for: asks)
        // A field that was emptied is to be empty.
        var given = asked.values
        for edit in kind.edits where given[edit.field] == nil && form[AskedInputs.prefix + edit.field] != nil {
            given[edit.field] = .null
        }
        do {
            try asked.check(for: asks)
            try await desk.change(kind.resource, id, given, version: form["version"] ?? "", visit)
        } catch let refusal as Refusal {
            return try await page(visit, id, edit: RefusedForm(form, refusal))
        } catch let problem as Problem where [409, 412, 422].contains(problem.status.code) {
            return try await page(visit, id, edit: RefusedForm(form, problem))
        }
        return Response(status: .seeOther, headers: [.location: kind.path(id) + "?done=changes"])
    }

    // MARK: Making

    /// The form with which a record is made; it begins with what the rest depends on.
    @Sendable func blank(_ visit: Visit) async throws -> Response {
        var usual: [String: String] = [:]
        for name in kind.making?.inputs ?? [] {
            usual[name] = visit.request.uri.queryParameters.get(name).flatMap { UUID(uuidString: $0) }
                .map { $0.uuidString.lowercased() }
        }
        return try await blank(visit, usual: usual, refused: nil)
    }

    @Sendable func make(_ visit: Visit) async throws -> Response {
        let visitor = try await visit.visitor()
        let form = try await form(visit)
        guard let making = kind.making, let machine = kind.machine else { throw Problem.notFound(kind.noun) }
        let key = try form.command
        let asks = Lifecycles.body(of: machine)
        let asked = AskedInputs(form, for: asks)
        var inputs = asked.values
        if let own = making.own { inputs[own] = visitor.partnerID.map { .string($0.uuidString.lowercased()) } }
        do {
            try asked.check(for: asks)
            let receipt = try await dependencies.make(machine, key: key, inputs: inputs, visitor: visitor)
            return Response(status: .seeOther, headers: [.location: kind.path(receipt.record) + "?done=create"])
        } catch let refusal as Refusal {
            return try await blank(visit, usual: [:], refused: RefusedForm(form, refusal))
        }
    }

    private func blank(_ visit: Visit, usual: [String: String], refused: RefusedForm?) async throws -> Response {
        let visitor = try await visit.visitor()
        guard let making = kind.making, let name = kind.machine, let machine = try machine else {
            throw Problem.notFound(kind.noun)
        }
        let first = making.first.flatMap { refused?.form[AskedInputs.prefix + $0] ?? usual[$0] }
        let isBegun = making.first == nil || first != nil
        let inputs = isBegun ? making.inputs : making.first.map { [$0] } ?? []
        let partner = visitor.partnerID ?? first.flatMap { UUID(uuidString: $0) }
        let offers = inputs.compactMap { input in making.sources[input].map { (input, Offer($0, of: partner)) } }
        let options = try await choices(Dictionary(offers) { first, _ in first }, visit)
        let body = Lifecycles.body(of: name)
        let page = MakingPage(
            kind: kind, making: making, create: machine.create,
            asks: inputs.compactMap { input in body.first { $0.name == input } }, options: options, usual: usual,
            isBegun: isBegun, refused: refused, zone: dependencies.zone)
        return try pages.show(page, to: visitor, visit, status: refused.map { .init(code: $0.status) } ?? .ok)
    }
}

extension RecordKind.Edit {
    /// The field as an input.
    var ask: Ask { Ask(name: Word(stringLiteral: field), type: type, title: label) }
}
