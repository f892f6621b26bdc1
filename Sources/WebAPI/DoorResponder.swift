public import Hummingbird
public import HummingbirdCore

/// Answers requests, those for a stream in a task of its own.
///
/// A task keeps the memory that its deepest call has used until it ends, and a connection is one task. With a task for what
/// leads to it a stream, of which there are thousands and which stays, costs a third (measured in `docs/live.md`). Any other
/// request is answered where it came, for a task of its own means two changes of threads more.
public struct DoorResponder: HTTPResponder {
    private let routes: RouterResponder<DoorContext>

    init(_ router: Router<DoorContext>) { routes = router.buildResponder() }

    /// Answers a request.
    public func respond(to request: Request, context: DoorContext) async throws -> Response {
        guard request.uri.path.hasPrefix(LiveRoutes.path) else {
            return try await routes.respond(to: request, context: context)
        }
        return try await withThrowingTaskGroup(of: Response.self) { [routes] group in
            group.addTask { try await routes.respond(to: request, context: context) }
            guard let response = try await group.next() else { throw CancellationError() }
            return response
        }
    }
}
