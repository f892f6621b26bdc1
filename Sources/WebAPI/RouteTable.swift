public import HTTPTypes
public import Foundation
public import Hummingbird

/// Answers a request, or throws what keeps it from it.
public typealias RouteHandler = @Sendable (Request, DoorContext) async throws -> Response

/// Takes routes, so that a known address answers every method: with its handler, or with 405 and what is allowed.
public struct RouteTable {
    private let router: Router<DoorContext>

    private static let usual: [HTTPRequest.Method] = [.get, .post, .put, .patch, .delete, .options]

    init(_ router: Router<DoorContext>) {
        self.router = router
    }

    /// Adds an address.
    ///
    /// - Parameters:
    ///   - path: The path; `:name` stands for one part of it.
    ///   - handlers: What each method does; HEAD comes with GET.
    public func add(_ path: RouterPath, _ handlers: [HTTPRequest.Method: RouteHandler]) {
        let allowed = Self.usual.filter { handlers[$0] != nil } + (handlers[.get] == nil ? [] : [.head])
        for (method, handler) in handlers { router.on(path, method: method, use: handler) }
        for method in Self.usual where handlers[method] == nil {
            router.on(path, method: method) { _, _ -> Response in throw Problem.methodNotAllowed(allowed) }
        }
    }
}

extension DoorContext {
    /// A part of the path that has to be an id.
    ///
    /// - Parameters:
    ///   - name: The part's name in the route.
    ///   - what: What it is the id of, for people.
    /// - Returns: The id.
    /// - Throws: ``Problem`` 404 when it is no id: then there is no such thing either.
    public func id(_ name: String = "id", of what: String = "invoice") throws(Problem) -> UUID {
        guard let id = parameters.get(name).flatMap({ UUID(uuidString: $0) }) else { throw .notFound(what) }
        return id
    }
}
