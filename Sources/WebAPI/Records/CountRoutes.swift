import Accounts
import Hummingbird
import StateMachines

/// `GET /api/v1/counts`: how much waits, for the menu of the company's portal.
struct CountRoutes {
    let dependencies: WebDependencies
    let alerts: AlertBoard

    init(_ dependencies: WebDependencies) {
        self.dependencies = dependencies
        alerts = AlertBoard(pool: dependencies.pool, now: dependencies.now)
    }

    private static let schema = Schema.named(
        "Counts",
        .object([
            .init("approvals", .integer()), .init("alerts", .optional(.integer())),
            .init("dead_jobs", .optional(.integer())),
        ]))

    var operations: [Operation] {
        let desk = RecordDesk(dependencies)
        return [
            Operation(
                .get, "/api/v1/counts",
                "How much waits: what somebody has to decide, alerts that nobody has taken note of, dead jobs",
                tag: "Company", access: .signedIn([.admin]), scope: .none("it counts what the visitor sees"),
                answers: [.json(Self.schema, "Without ops.read, the works are null.")]
            ) { visit in
                _ = try visit.query()
                let (visitor, approvals) = try await desk.approvals(visit)
                // What is wrong is asked once for all who look.
                let wrong = visitor.may(.readOps) ? try await alerts.look() : nil
                let dead = wrong?.filter { $0.kind == .deadJobs }.reduce(0) { $0 + $1.count }
                return Response(
                    json: .object([
                        "approvals": .count(approvals),
                        "alerts": wrong.map { .count($0.count { $0.acknowledged == nil }) } ?? .null,
                        "dead_jobs": dead.map(JSONValue.count) ?? .null,
                    ]))
            }
        ]
    }
}
