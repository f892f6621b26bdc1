import HTTPTypes
public import Foundation
import Hummingbird

/// Takes operations, so that a known address answers every method: with its operation, or with 405 and what is allowed.
public struct RouteTable {
    private let router: Router<DoorContext>
    private let dependencies: WebDependencies

    private static let usual: [HTTPRequest.Method] =
        [.get, .post, .put, .patch, .delete, .options, .trace] + [HTTPRequest.Method("QUERY")].compactMap(\.self)

    init(_ router: Router<DoorContext>, dependencies: WebDependencies) {
        (self.router, self.dependencies) = (router, dependencies)
    }

    /// Adds every address of some operations; all operations of an address have to come together.
    public func add(_ operations: [Operation]) {
        for (path, offered) in Dictionary(grouping: operations, by: \.path) { add(path, offered) }
    }

    private func add(_ path: String, _ operations: [Operation]) {
        let methods = operations.map(\.method)
        precondition(Set(methods).count == methods.count, "\(path) has two operations of one method")
        let allowed = Self.usual.filter(methods.contains) + (methods.contains(.get) ? [.head] : [])
        for operation in operations {
            router.on(RouterPath(path), method: operation.method) { [dependencies] request, context in
                try await operation.answer(
                    Visit(request, context, operation: operation, dependencies: dependencies))
            }
        }
        for method in Self.usual where !methods.contains(method) {
            router.on(RouterPath(path), method: method) { _, _ -> Response in
                throw Problem.methodNotAllowed(allowed)
            }
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
    public func id(_ name: String = "id", of what: String) throws(Problem) -> UUID {
        guard let id = parameters.get(name).flatMap({ UUID(uuidString: $0) }) else { throw .notFound(what) }
        return id
    }
}
