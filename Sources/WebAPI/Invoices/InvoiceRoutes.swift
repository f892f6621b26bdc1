import Accounts
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

    var operations: [Operation] {
        [
            read("", "The newest invoices", handler: list), read("/{id}", "One invoice", handler: show),
            read("/{id}/actions", "What can be done with it, and what stands in the way", handler: actions),
            read("/{id}/history", "What happened to it", handler: history),
            read("/{id}/jobs", "Its jobs", handler: jobs), read("/{id}/emails", "Its mails", handler: emails),
            read("/{id}/pdf", "Its document", .content("application/pdf", "The document."), handler: pdf),
            Operation(
                .post, "/api/v1/invoices/{id}/transitions", "Makes a move", tag: "Invoices",
                access: .signedIn([.admin]),
                scope: .rows(of: .invoices), body: .map, answers: [.json(.map)], handler: transition),
        ]
    }

    private func read(
        _ path: String, _ summary: String, _ answer: Answer = .json(.map), handler: @escaping Operation.Handler
    ) -> Operation {
        Operation(
            .get, "/api/v1/invoices" + path, summary, tag: "Invoices", access: .signedIn([.admin]),
            scope: .rows(of: .invoices), answers: [answer], handler: handler)
    }

    @Sendable private func list(_ visit: Visit) async throws -> Response {
        _ = try await visit.visitor()
        let states = try dependencies.engine.definition(of: Self.machine).states.map { $0.name.text }
        var query = QueryParameters(visit.request.uri, known: ["limit", "state"])
        let limit = query.integer("limit", in: 1...RequestLimits.listLength, usual: RequestLimits.usualListLength)
        let state = query.choice("state", of: states)
        try query.check()
        let invoices = try await reader.newest(state: state, limit: limit)
        return Response(json: .object(["invoices": .array(invoices.map(\.json)), "limit": .count(limit)]))
    }

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        let id = try await plain(visit)
        let invoice = try await reader.one(id)
        return Response(json: invoice.json, headers: [.eTag: "\"\(invoice.seq)\""])
    }

    @Sendable private func actions(_ visit: Visit) async throws -> Response {
        let id = try await plain(visit)
        let found = try await dependencies.engine.explain(
            machine: Self.machine, record: id, actor: try await visit.visitor().actor, now: dependencies.now())
        guard let found else { throw Problem.notFound("invoice") }
        return Response(json: found.json, headers: [.eTag: "\"\(found.standing.seq)\""])
    }

    @Sendable private func history(_ visit: Visit) async throws -> Response {
        let id = try await plain(visit)
        let events = try await reader.rows(of: id, HistoryEntry.of(Self.machine, id)) { try HistoryEntry($0) }
        return Response(json: .object(["events": .array(try events.map { try $0.json() })]))
    }

    @Sendable private func jobs(_ visit: Visit) async throws -> Response {
        let id = try await plain(visit)
        let jobs = try await reader.rows(of: id, Queue.jobs(of: Self.machine, record: id)) { try JobSummary(row: $0) }
        return Response(json: .object(["jobs": .array(jobs.map(\.json))]))
    }

    @Sendable private func emails(_ visit: Visit) async throws -> Response {
        let id = try await plain(visit)
        let emails = try await reader.rows(of: id, OutboundEmail.about(Self.machine, id)) { try OutboundEmail($0) }
        return Response(json: .object(["emails": .array(emails.map(\.json))]))
    }

    @Sendable private func pdf(_ visit: Visit) async throws -> Response {
        let file = try await reader.document(of: try await plain(visit))
        return Response(
            status: .ok,
            headers: [
                .contentType: file.mime == "application/pdf" ? file.mime : "application/octet-stream",
                .contentDisposition: "attachment; filename=\"\(file.safeName)\"",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: file.content)))
    }

    @Sendable private func transition(_ visit: Visit) async throws -> Response {
        let id = try await plain(visit)
        let asked = try TransitionRequest(
            key: visit.request.headers[.idempotencyKey], body: try await visit.request.jsonBody())
        let command = Command(
            id: asked.id, machine: Self.machine, record: id, move: asked.move, inputs: asked.inputs,
            actor: try await visit.visitor().actor, expectedSeq: asked.expectedSeq, isDryRun: asked.isDryRun)
        let receipt = try await dependencies.perform(command)
        return Response(
            json: receipt.json,
            headers: [.idempotencyKey: asked.id.uuidString.lowercased(), .eTag: "\"\(receipt.seq)\""])
    }

    /// The id of an address that takes no query.
    private func plain(_ visit: Visit) async throws -> UUID {
        _ = try await visit.visitor()
        _ = try visit.query()
        return try visit.id(of: "invoice")
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
