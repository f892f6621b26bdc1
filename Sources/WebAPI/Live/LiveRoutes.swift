import Accounts
import HTTPTypes
import Hummingbird
import NIOCore

/// `GET /api/v1/live`: what changes, told to those who may see it, as Server-Sent Events or by WebSocket.
struct LiveRoutes {
    /// Where they are told.
    static let path = "/api/v1/live"

    let dependencies: WebDependencies

    var operations: [Operation] {
        [
            Operation(
                .get, Self.path, "Hear of changes as they happen", tag: "Live", access: .signedIn(),
                scope: .none("tells only of records that the database shows to whoever listens"),
                parameters: [
                    Parameter(
                        .query, "portal", .choice(Visitor.Kind.allCases.map(\.portal)),
                        "Whose session is meant, of a browser with several; it can add no header to a stream."),
                    Parameter(
                        .query, "after", .integer(0...Int64.max), "The last event that has arrived; else from now on."),
                    Parameter(
                        .header, "Last-Event-ID", .integer(0...Int64.max),
                        "The same, as browsers send it; it goes before."),
                ],
                answers: [
                    .content("text/event-stream", "A stream that ends when the session does."),
                    .empty(101, "The same messages by WebSocket, to a request with `Upgrade: websocket`."),
                ],
                problems: [400, 426], handler: stream)
        ]
    }

    @Sendable private func stream(_ visit: Visit) async throws -> Response {
        let visitor = try await visit.visitor()
        let asked = try visit.query()["after"]
        let after = try Self.after(visit.request.headers[.lastEventID] ?? asked)
        guard let credential = visit.context.credential else { throw Problem.notSignedIn }
        let stream = LiveStream(
            hub: dependencies.live, viewer: LiveViewer(visitor), credential: credential, after: after,
            channel: visit.context.channel)
        return visit.request.asksForWebSocket
            ? try stream.socket(to: visit.request) : stream.response
    }

    /// The last change that the client has.
    private static func after(_ text: String?) throws -> Int64? {
        guard let text else { return nil }
        guard let number = Int64(text), number >= 0 else {
            throw Problem(
                .badRequest, code: "invalid_after", title: Problem.title(of: .badRequest),
                detail: "Last-Event-ID takes the id of the last event that has arrived.")
        }
        return number
    }
}

extension LiveStream {
    /// The stream by WebSocket.
    ///
    /// - Throws: ``Problem`` 400 or 426 when the request does not ask for it as it should.
    func socket(to request: Request) throws -> Response {
        try .webSocket(to: request) { send in
            try await run { message in try await send(message.text) }.code
        }
    }

    /// The stream as an answer.
    var response: Response {
        Response(
            status: .ok,
            // The stream is cut by closing its connection, so nothing else may come over it.
            headers: [.contentType: UpgradeGate.stream, .cacheControl: "no-store", .connection: "close"],
            body: ResponseBody { writer in
                let shared = OneWriter(base: writer)
                _ = try await run { message in try await shared.write(message.event) }
                try await writer.finish(nil)
            })
    }
}
