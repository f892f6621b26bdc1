import Accounts
import Hummingbird
import StateMachines

/// `/api/v1/alerts`: what is wrong with the works at this moment, and who has taken note of it.
struct AlertRoutes {
    let reader: AlertReader

    init(_ dependencies: WebDependencies) { reader = AlertReader(dependencies) }

    private static let scope = RowScope.none("jobs, queues and schedules are the company's; ops.read shows them all")

    var operations: [Operation] {
        [
            Operation(
                .get, "/api/v1/alerts", "What is wrong with the works at this moment", tag: "Attention",
                access: .signedIn([.admin], needs: .readOps), scope: Self.scope,
                answers: [.json(.object([.init("alerts", .list(of: SystemAlert.schema))]))]
            ) { visit in
                _ = try visit.query()
                let alerts = try await reader.alerts(visit).alerts
                return Response(json: .object(["alerts": .array(alerts.map(\.json))]))
            },
            Operation(
                .post, "/api/v1/alerts/acknowledge", "Takes note of an alert, until it is over", tag: "Attention",
                access: .signedIn([.admin], needs: .manageOps), scope: Self.scope,
                body: .object([
                    .init("kind", .choice(SystemAlert.Kind.allCases.map(\.rawValue))), .init("subject", .text(1...500)),
                    .init("note", .text(0...500), isRequired: false),
                ]), answers: [.json(SystemAlert.schema, "The alert, with whoever was first.")], problems: [404],
                handler: acknowledge),
        ]
    }

    @Sendable private func acknowledge(_ visit: Visit) async throws -> Response {
        // Whoever may not come in hears that before anything of what they sent.
        _ = try await visit.visitor()
        let body = try await visit.body()
        guard let kind = body.text("kind").flatMap(SystemAlert.Kind.init), let subject = body.text("subject") else {
            throw Problem.defect
        }
        let alert = try await reader.acknowledge(kind, of: subject, note: body.text("note") ?? "", visit)
        return Response(json: alert.json)
    }
}
