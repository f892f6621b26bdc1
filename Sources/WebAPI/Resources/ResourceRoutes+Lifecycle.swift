import Accounts
import Database
import Foundation
import HTTPTypes
import Hummingbird
import Jobs
import StateMachines
import Workflows

extension ResourceRoutes {
    private var machine: String { resource.machine?.name ?? "" }

    /// What a record that a machine governs can be asked and told.
    var lifecycle: [Operation] {
        let parts = [
            ofRecord(
                .get, "/actions", "What can be done with the \(resource.noun), and what stands in the way",
                answers: [.json(Self.actionsSchema)], handler: actions),
            ofRecord(
                .get, "/history", "What happened to the \(resource.noun), oldest first",
                answers: [.json(.object([.init("events", .list(of: Self.eventSchema, most: 100_000))]))],
                handler: history),
            ofRecord(
                .get, "/jobs", "The jobs of the \(resource.noun), newest first", access: .signedIn([.admin]),
                answers: [.json(.object([.init("jobs", .list(of: JobSchemas.job))]))], handler: jobs),
            ofRecord(
                .get, "/emails", "The mails about the \(resource.noun), without their bodies",
                access: .signedIn([.admin]),
                answers: [.json(.object([.init("emails", .list(of: Self.emailSchema))]))], handler: emails),
            ofRecord(
                .post, "/transitions", "Makes a move of the \(resource.noun), or shows what it would do",
                access: .signedIn(resource.audience), parameters: [Self.key], body: moveSchema,
                answers: [
                    .json(Self.receiptSchema, "Done, now or when the same command came before.", headers: Self.keyed)
                ],
                problems: [409], handler: transition),
        ]
        let bulk = Operation(
            .post, resource.path + "/bulk", "Makes a move of many records", tag: resource.tag,
            access: .signedIn(resource.audience), scope: .rows(of: resource.table), parameters: [Self.key],
            body: Self.bulkSchema,
            answers: [
                .json(
                    .object([.init("results", .list(of: Self.bulkResult))]), "What became of each, in their order.",
                    headers: Self.keyed)
            ], problems: [409], handler: self.bulk)
        return parts + [bulk]
    }

    /// Reads about a record that the visitor sees, in one trip.
    ///
    /// - Throws: ``Problem`` 404 when they see none.
    private func about<Value>(
        _ visit: Visit, _ statements: (UUID) -> [SQL], _ read: (UUID, Visitor, [StatementResult]) async throws -> Value
    ) async throws -> Value {
        _ = try visit.query()
        let id = try visit.id(of: resource.noun)
        let more = statements(id)
        let (visitor, results) = try await visit.read { kind in
            [Self.exists(id, in: resource.table, for: kind)] + more
        }
        guard !results[0].rows.isEmpty else { throw Problem.notFound(resource.noun) }
        return try await read(id, visitor, Array(results.dropFirst()))
    }

    @Sendable private func actions(_ visit: Visit) async throws -> Response {
        try await about(visit, { _ in [] }) { id, visitor, _ in
            let found = try await dependencies.engine.explain(
                machine: machine, records: [id], visitor: visitor, now: dependencies.now())
            guard let found = found[id] else { throw Problem.notFound(resource.noun) }
            return Response(json: found.json)
        }
    }

    @Sendable private func history(_ visit: Visit) async throws -> Response {
        try await about(visit, { [HistoryEntry.of(machine, $0)] }) { _, visitor, results in
            // What changed may be a cost or somebody's pay; others than admins see the record, and what happened.
            let events = try results[0].rows.map { try HistoryEntry($0).json(withChanges: visitor.kind == .admin) }
            return Response(json: .object(["events": .array(events)]))
        }
    }

    @Sendable private func jobs(_ visit: Visit) async throws -> Response {
        try await about(visit, { _ in [] }) { id, _, _ in
            let rows = try await dependencies.pool.query(Queue.jobs(of: machine, record: id))
            return Response(json: .object(["jobs": .array(try rows.map { try JobSummary(row: $0).json })]))
        }
    }

    @Sendable private func emails(_ visit: Visit) async throws -> Response {
        try await about(visit, { _ in [] }) { id, _, _ in
            let rows = try await dependencies.pool.query(OutboundEmail.about(machine, id))
            return Response(json: .object(["emails": .array(try rows.map { try OutboundEmail($0).json })]))
        }
    }

    @Sendable private func transition(_ visit: Visit) async throws -> Response {
        let (id, visitor) = try await about(visit, { _ in [] }) { id, visitor, _ in (id, visitor) }
        let asked = try TransitionRequest(
            key: visit.request.headers[.idempotencyKey], body: try await visit.request.jsonBody())
        var command = Command(
            id: asked.id, machine: machine, record: id, move: asked.move, inputs: asked.inputs, visitor: visitor,
            expectedSeq: asked.expectedSeq, isDryRun: asked.isDryRun)
        command.actor.address = visit.context.address
        let receipt = try await dependencies.perform(command)
        return Response(
            json: receipt.json(withCaused: visitor.kind == .admin),
            headers: [.idempotencyKey: asked.id.uuidString.lowercased()])
    }

    @Sendable private func bulk(_ visit: Visit) async throws -> Response {
        let visitor = try await visit.visitor()
        let asked = BulkRequest(try await visit.body())
        let key = try TransitionRequest.id(visit.request.headers[.idempotencyKey])
        guard asked.move != "create" else { throw Refusal.nothingIsMade }
        let outcomes = try await dependencies.engine.perform(
            BulkCommand(
                id: key, machine: machine, records: asked.ids, move: asked.move, inputs: asked.inputs,
                visitor: visitor, isDryRun: asked.isDryRun),
            now: dependencies.now())
        let answers = outcomes.map { id, outcome -> JSONValue in
            switch outcome {
            case .done(let receipt):
                .object(["id": .id(id), "status": 200, "receipt": receipt.json(withCaused: visitor.kind == .admin)])
            case .refused(let refusal): .object(Problem(refusal).told(of: id))
            }
        }
        return Response(
            json: .object(["results": .array(answers)]), headers: [.idempotencyKey: key.uuidString.lowercased()])
    }
}

/// The body of a request for a move of many records, which has been looked at.
private struct BulkRequest {
    var ids: [UUID] = []
    var move = ""
    var inputs: [String: JSONValue] = [:]
    var isDryRun = false

    init(_ body: JSONValue) {
        guard case .object(let members) = body else { return }
        if case .array(let texts)? = members["ids"] {
            var seen: Set<UUID> = []
            for case .string(let text) in texts {
                if let id = UUID(uuidString: text), seen.insert(id).inserted { ids.append(id) }
            }
        }
        if case .string(let name)? = members["move"] { move = name }
        if case .object(let given)? = members["inputs"] { inputs = given }
        isDryRun = members["dry_run"] == true
    }
}

extension Problem {
    /// What a list of outcomes says of one record.
    fileprivate func told(of id: UUID) -> [String: JSONValue] {
        [
            "id": .id(id), "status": .integer(Int64(status.code)), "code": .string(code), "detail": .string(detail),
            "errors": .array(errors.map(\.json)),
        ]
    }
}
