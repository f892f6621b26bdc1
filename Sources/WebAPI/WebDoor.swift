public import Hummingbird
public import HummingbirdCore
import NIOCore
public import Telemetry

/// Pages that stand beside the API, such as the portals.
public protocol WebPages: Sendable {
    /// Adds the pages' addresses.
    func add(to routes: RouteTable)

    /// Shows a problem to a person.
    ///
    /// - Parameters:
    ///   - problem: What happened.
    ///   - requestID: The id under which the log knows the request.
    /// - Returns: A page with the problem's status and headers.
    func page(for problem: Problem, requestID: String) -> Response
}

/// The whole web side: every address, behind one door.
public enum WebDoor {
    /// Puts it together.
    ///
    /// - Parameters:
    ///   - dependencies: What it needs.
    ///   - files: What is served as it is.
    ///   - pages: The pages for people, if any.
    /// - Returns: What answers each request; give it to `Application(responder:server:configuration:)` together with
    ///   ``server``.
    public static func responder(
        _ dependencies: WebDependencies, files: PublicFiles, pages: (any WebPages)? = nil
    ) -> RouterResponder<DoorContext> {
        let router = Router(context: DoorContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: TraceMiddleware())
        router.add(middleware: AnswerMiddleware(pages: pages))
        router.add(middleware: AccessMiddleware(policy: dependencies.access))
        let routes = RouteTable(router)
        HealthRoutes(isReady: dependencies.isReady).add(to: routes)
        MetricsRoutes(metrics: dependencies.metrics).add(to: routes)
        InvoiceRoutes(dependencies).add(to: routes)
        JobRoutes(dependencies: dependencies).add(to: routes)
        LiveRoutes(dependencies: dependencies).add(to: routes)
        files.add(to: routes)
        pages?.add(to: routes)
        return router.buildResponder()
    }

    /// What a process without pages and API tells of itself: health, readiness and figures.
    ///
    /// - Parameters:
    ///   - access: Who is let in.
    ///   - isReady: Whether it can work.
    ///   - metrics: Its figures.
    /// - Returns: What answers each request.
    public static func figures(
        access: AccessPolicy, isReady: @escaping @Sendable () async -> Bool,
        metrics: @escaping @Sendable () async -> [MetricFamily]
    ) -> RouterResponder<DoorContext> {
        let router = Router(context: DoorContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: AnswerMiddleware(pages: nil))
        router.add(middleware: AccessMiddleware(policy: access))
        let routes = RouteTable(router)
        HealthRoutes(isReady: isReady).add(to: routes)
        MetricsRoutes(metrics: metrics).add(to: routes)
        return router.buildResponder()
    }

    /// How connections are served: HTTP/1.1, closed when nothing comes for a minute (Hummingbird's default is never).
    public static var server: HTTPServerBuilder {
        .http1(configuration: .init(idleTimeout: .seconds(60)))
    }
}
