import Database
import Hummingbird
import Jobs
import StateMachines

/// What the queues hold.
struct JobRoutes {
    let dependencies: WebDependencies

    func add(to routes: RouteTable) {
        routes.add("/api/v1/jobs/overview", [.get: overview])
    }

    @Sendable private func overview(_ request: Request, _ context: DoorContext) async throws -> Response {
        try QueryParameters(request.uri, known: []).check()
        let queues = try await dependencies.pool.run { try QueueOverview.all(in: $0) }
        return Response(json: .object(["queues": .array(queues.map(\.json))]))
    }
}
