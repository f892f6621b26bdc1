import HTTPTypes
import Hummingbird
import StateMachines

/// What load balancers and `make run` ask.
struct HealthRoutes {
    let isReady: @Sendable () async -> Bool

    func add(to routes: RouteTable) {
        routes.add("/healthz", [.get: isAlive])
        routes.add("/readyz", [.get: tellReadiness])
    }

    /// The process runs.
    ///
    /// Says nothing of the database, whose loss a restart does not mend.
    @Sendable private func isAlive(_ request: Request, _ context: DoorContext) -> Response {
        Response(json: .object(["status": "ok"]))
    }

    /// Requests can be served.
    @Sendable private func tellReadiness(_ request: Request, _ context: DoorContext) async throws -> Response {
        guard await isReady() else { throw Problem.notReady }
        return Response(json: .object(["status": "ready"]))
    }
}
