import Accounts
import Database
import HTTPTypes
import Hummingbird
import NIOCore

/// `GET /api/v1/live`: what changes, told to those who may see it, as Server-Sent Events.
struct LiveRoutes {
    let dependencies: WebDependencies

    func add(to routes: RouteTable) {
        routes.add("/api/v1/live", [.get: stream])
    }

    @Sendable private func stream(_ request: Request, _ context: DoorContext) async throws -> Response {
        try QueryParameters(request.uri, known: ["after"]).check()
        guard let credential = context.credential else { throw Problem.notSignedIn }
        let now = dependencies.now()
        let row = try await dependencies.pool.query(credential.enter(now: now)).first
        guard let visitor = try row.flatMap(Visitor.init) else { throw Problem.notSignedIn }
        if let scopes = visitor.scopes, !scopes.contains("read") {
            throw Problem.forbidden("scope_missing", "This token may not read.")
        }
        let after = try Self.after(request)
        let stream = LiveStream(
            hub: dependencies.live, viewer: LiveViewer(visitor), credential: credential, after: after,
            channel: context.channel)
        return stream.response(to: request)
    }

    /// The last change that the client has.
    private static func after(_ request: Request) throws -> Int64? {
        guard let text = request.headers[.lastEventID] ?? request.uri.queryParameters["after"].map(String.init) else {
            return nil
        }
        guard let number = Int64(text), number >= 0 else {
            throw Problem(
                .badRequest, code: "invalid_after", title: Problem.title(of: .badRequest),
                detail: "Last-Event-ID and after take the id of the last event that has arrived.")
        }
        return number
    }
}

extension LiveStream {
    /// The stream as an answer.
    func response(to request: Request) -> Response {
        let body = request.body
        return Response(
            status: .ok,
            // The stream is cut by closing its connection, so nothing else may come over it.
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store", .connection: "close"],
            body: ResponseBody { writer in
                let first = writer
                try await body.consumeWithCancellationOnInboundClose { _ in
                    var writer = first
                    try await run { message in try await writer.write(ByteBuffer(string: message.event)) }
                }
                try await writer.finish(nil)
            })
    }
}
