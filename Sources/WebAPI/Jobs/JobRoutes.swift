import Accounts
import Database
import Hummingbird
import Jobs
import StateMachines

/// What the queues hold.
struct JobRoutes {
    let dependencies: WebDependencies

    var operations: [Operation] {
        [
            Operation(
                .get, "/api/v1/jobs/overview", "What each queue holds", tag: "Jobs",
                access: .signedIn([.admin], needs: .readOps),
                scope: .none("jobs belong to nobody"), answers: [.json(.map)], handler: overview)
        ]
    }

    @Sendable private func overview(_ visit: Visit) async throws -> Response {
        _ = try await visit.visitor()
        _ = try visit.query()
        let queues = try await dependencies.pool.run { try QueueOverview.all(in: $0) }
        return Response(json: .object(["queues": .array(queues.map(\.json))]))
    }
}
