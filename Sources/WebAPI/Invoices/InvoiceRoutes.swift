import Foundation
import HTTPTypes
import Hummingbird
import Jobs
import NIOCore
import StateMachines
import Workflows

/// `/api/v1/invoices`: looking at invoices, and moving them.
struct InvoiceRoutes {
    let dependencies: WebDependencies
    let reader: InvoiceReader

    private static let machine = InvoiceReader.machine

    init(_ dependencies: WebDependencies) {
        self.dependencies = dependencies
        reader = InvoiceReader(dependencies)
    }

    func add(to routes: RouteTable) {
        routes.add("/api/v1/invoices", [.get: list])
        routes.add("/api/v1/invoices/:id", [.get: show])
        routes.add("/api/v1/invoices/:id/actions", [.get: actions])
        routes.add("/api/v1/invoices/:id/history", [.get: history])
        routes.add("/api/v1/invoices/:id/jobs", [.get: jobs])
        routes.add("/api/v1/invoices/:id/emails", [.get: emails])
        routes.add("/api/v1/invoices/:id/pdf", [.get: pdf])
        routes.add("/api/v1/invoices/:id/transitions", [.post: transition])
    }

    @Sendable private func list(_ request: Request, _ context: DoorContext) async throws -> Response {
        let states = try dependencies.engine.definition(of: Self.machine).states.map { $0.name.text }
        var query = QueryParameters(request.uri, known: ["limit", "state"])
        let limit = query.integer("limit", in: 1...RequestLimits.listLength, usual: RequestLimits.usualListLength)
        let state = query.choice("state", of: states)
        try query.check()
        let invoices = try await reader.newest(state: state, limit: limit)
        return Response(json: .object(["invoices": .array(invoices.map(\.json)), "limit": .count(limit)]))
    }

    @Sendable private func show(_ request: Request, _ context: DoorContext) async throws -> Response {
        let id = try plain(request, context)
        let invoice = try await reader.one(id)
        return Response(json: invoice.json, headers: [.eTag: "\"\(invoice.seq)\""])
    }

    @Sendable private func actions(_ request: Request, _ context: DoorContext) async throws -> Response {
        let id = try plain(request, context)
        let found = try await dependencies.engine.explain(
            machine: Self.machine, record: id, actor: dependencies.actor, now: dependencies.now())
        guard let found else { throw Problem.notFound("invoice") }
        return Response(json: found.json, headers: [.eTag: "\"\(found.standing.seq)\""])
    }

    @Sendable private func history(_ request: Request, _ context: DoorContext) async throws -> Response {
        let id = try plain(request, context)
        let events = try await reader.rows(of: id, HistoryEntry.of(Self.machine, id)) { try HistoryEntry($0) }
        return Response(json: .object(["events": .array(try events.map { try $0.json() })]))
    }

    @Sendable private func jobs(_ request: Request, _ context: DoorContext) async throws -> Response {
        let id = try plain(request, context)
        let jobs = try await reader.rows(of: id, Queue.jobs(of: Self.machine, record: id)) { try JobSummary(row: $0) }
        return Response(json: .object(["jobs": .array(jobs.map(\.json))]))
    }

    @Sendable private func emails(_ request: Request, _ context: DoorContext) async throws -> Response {
        let id = try plain(request, context)
        let emails = try await reader.rows(of: id, OutboundEmail.about(Self.machine, id)) { try OutboundEmail($0) }
        return Response(json: .object(["emails": .array(emails.map(\.json))]))
    }

    @Sendable private func pdf(_ request: Request, _ context: DoorContext) async throws -> Response {
        let file = try await reader.document(of: try plain(request, context))
        return Response(
            status: .ok,
            headers: [
                .contentType: file.mime == "application/pdf" ? file.mime : "application/octet-stream",
                .contentDisposition: "attachment; filename=\"\(file.safeName)\"",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: file.content)))
    }

    @Sendable private func transition(_ request: Request, _ context: DoorContext) async throws -> Response {
        let id = try plain(request, context)
        let asked = try TransitionRequest(key: request.headers[.idempotencyKey], body: try await request.jsonBody())
        let command = Command(
            id: asked.id, machine: Self.machine, record: id, move: asked.move, inputs: asked.inputs,
            actor: dependencies.actor, expectedSeq: asked.expectedSeq, isDryRun: asked.isDryRun)
        let receipt = try await dependencies.perform(command)
        return Response(
            json: receipt.json,
            headers: [.idempotencyKey: asked.id.uuidString.lowercased(), .eTag: "\"\(receipt.seq)\""])
    }

    /// The id of an address that takes no query.
    private func plain(_ request: Request, _ context: DoorContext) throws -> UUID {
        try QueryParameters(request.uri, known: []).check()
        return try context.id()
    }
}

extension StoredFile {
    /// The name, of letters, digits, dots, hyphens and underscores alone, so that it can stand in a header as it is.
    var safeName: String {
        let safe = name.unicodeScalars.map { scalar in
            scalar.properties.isAlphabetic && scalar.isASCII || "0123456789._-".unicodeScalars.contains(scalar)
                ? Character(scalar) : "_"
        }
        return safe.isEmpty ? "document.pdf" : String(safe)
    }
}
