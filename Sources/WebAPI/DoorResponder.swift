public import Hummingbird
public import HummingbirdCore

/// Answers requests, each in a task of its own.
///
/// A task keeps the memory that its deepest call has used until it ends, and a connection is one task. With a task for each
/// request a connection that waits, or a stream that tells what changes, costs a third (measured in `docs/live.md`).
public struct DoorResponder: HTTPResponder {
    private let routes: RouterResponder<DoorContext>

    init(_ router: Router<DoorContext>) { routes = router.buildResponder() }

    /// Answers a request.
    public func respond(to request: Request, context: DoorContext) async throws -> Response {
        try await withThrowingTaskGroup(of: Response.self) { [routes] group in
            group.addTask { try await routes.respond(to: request, context: context) }
            guard let response = try await group.next() else { throw CancellationError() }
            return response
        }
    }
}
