import HTTPTypes
import Hummingbird
import StateMachines

/// What load balancers and `make run` ask.
struct HealthRoutes {
    let isReady: @Sendable () async -> Bool

    private static let status = Schema.object([.init("status", .text())])

    var operations: [Operation] {
        let names = RowScope.none("it tells of the process")
        return [
            Operation(
                .get, "/healthz", "Whether the process runs", tag: "Health", access: .anyone, scope: names,
                answers: [.json(Self.status)], handler: isAlive),
            Operation(
                .get, "/readyz", "Whether requests can be served", tag: "Health", access: .anyone, scope: names,
                answers: [.json(Self.status)], problems: [503], handler: tellReadiness),
        ]
    }

    /// The process runs.
    ///
    /// Says nothing of the database, whose loss a restart does not mend.
    @Sendable private func isAlive(_ visit: Visit) -> Response {
        Response(json: .object(["status": "ok"]))
    }

    /// Requests can be served.
    @Sendable private func tellReadiness(_ visit: Visit) async throws -> Response {
        guard await isReady() else { throw Problem.notReady }
        return Response(json: .object(["status": "ready"]))
    }
}
