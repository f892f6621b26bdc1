import Hummingbird
public import HummingbirdCore
import NIOCore
import StateMachines
import Workflows

/// Pages that stand beside the API, such as the portals.
public protocol WebPages: Sendable {
    /// Everything that the pages do.
    var operations: [Operation] { get }

    /// Shows a problem to a person.
    ///
    /// - Parameters:
    ///   - problem: What happened.
    ///   - request: To what.
    ///   - requestID: The id under which the log knows the request.
    /// - Returns: A page with the problem's status and headers.
    func page(for problem: Problem, to request: Request, requestID: String) -> Response
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
    ) -> DoorResponder {
        let router = Router(context: DoorContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: TraceMiddleware())
        let door = dependencies.door
        router.add(middleware: AnswerMiddleware(pages: pages, isBehindTLS: door.isBehindTLS))
        router.add(middleware: AddressMiddleware(door))
        router.add(middleware: AccessMiddleware())
        if let limit = CredentialLimitMiddleware(door) { router.add(middleware: limit) }
        let operations = operations(dependencies)
        RouteTable(router, dependencies: dependencies)
            .add(
                operations + DocumentationRoutes(operations).operations + files.operations + (pages?.operations ?? []))
        return DoorResponder(router)
    }

    /// Everything that the door offers besides pages and files.
    static func operations(_ dependencies: WebDependencies) -> [Operation] {
        HealthRoutes(isReady: dependencies.isReady).operations
            + MetricsRoutes(metrics: dependencies.metrics).operations + InvoiceRoutes(dependencies).operations
            + opsOperations(OpsDesk(dependencies))
            + AttentionRoutes(dependencies).operations + LifecycleRoutes(dependencies).operations
            + AlertRoutes(dependencies).operations + AuditRoutes().operations
            + OversightRoutes(dependencies: dependencies).operations + TaxRoutes(dependencies: dependencies).operations
            + SessionRoutes(dependencies).operations
            + DeviceRoutes(dependencies: dependencies).operations + PasswordRoutes(dependencies).operations
            + TokenRoutes(dependencies: dependencies).operations + WebhookRoutes(dependencies).operations
            + InvitationRoutes(dependencies: dependencies).operations
            + LeadRoutes(dependencies: dependencies).operations + TodayRoutes(dependencies: dependencies).operations
            + CountRoutes(dependencies).operations
            + LiveRoutes(dependencies: dependencies).operations + FileRoutes(dependencies: dependencies).operations
            + deskOperations(dependencies)
            + resources(dependencies).flatMap { ResourceRoutes(resource: $0, dependencies: dependencies).operations }
    }

    /// What the company's people do besides moves: for parcels, payouts and their own lists.
    private static func deskOperations(_ dependencies: WebDependencies) -> [Operation] {
        ShipmentRoutes(dependencies: dependencies).operations + PayoutRoutes(dependencies: dependencies).operations
            + SavedViewRoutes(dependencies: dependencies).operations
    }

    private static func opsOperations(_ desk: OpsDesk) -> [Operation] {
        JobRoutes(desk: desk).operations + BulkRoutes(desk: desk).operations + FigureRoutes(desk: desk).operations
            + ScheduleRoutes(desk: desk).operations + PauseRoutes(desk: desk).operations
            + MailRoutes(desk: desk).operations
    }

    /// Everything that is shown as records, with the states of the machines that run.
    static func resources(_ dependencies: WebDependencies) -> [Resource] {
        Resource.all(events: dependencies.webhookEvents) { name in
            // A machine that does not run here leads nowhere: its records show their states all the same.
            (try? dependencies.engine.definition(of: name).states.map(\.name.text)) ?? []
        }
    }

    /// What a process without pages and API tells of itself: health, readiness and figures.
    ///
    /// - Parameter dependencies: What it needs to tell who asks, and what.
    /// - Returns: What answers each request.
    public static func figures(_ dependencies: WebDependencies) -> DoorResponder {
        let router = Router(context: DoorContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: AnswerMiddleware(pages: nil))
        router.add(middleware: AccessMiddleware())
        RouteTable(router, dependencies: dependencies)
            .add(
                HealthRoutes(isReady: dependencies.isReady).operations
                    + MetricsRoutes(metrics: dependencies.metrics).operations)
        return DoorResponder(router)
    }

    /// How connections are served: HTTP/1.1, and WebSocket where a route changes to it; closed when nothing comes for a
    /// minute (Hummingbird's default is never).
    public static var server: HTTPServerBuilder {
        HTTPServerBuilder { SwitchingChannel(responder: $0, idleTimeout: .seconds(60)) }
    }
}
