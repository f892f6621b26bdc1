public import Accounts
import Database
import Foundation
import Hummingbird
import Jobs
import StateMachines

/// Reads what is wrong with the works at this moment.
///
/// Worked out from what is there, so that an alert ends by itself with what it was about.
public struct AlertReader: Sendable {
    private let desk: OpsDesk

    /// Makes a reader.
    public init(_ dependencies: WebDependencies) { desk = OpsDesk(dependencies) }

    /// What is wrong, what has been so longest before the rest.
    ///
    /// - Throws: ``Problem`` 401 or 403; `DatabaseError`.
    public func alerts(_ visit: Visit) async throws -> (visitor: Visitor, alerts: [SystemAlert]) {
        let now = desk.dependencies.now()
        return try await desk.read(visit) { visitor, session in
            let queues = try QueueOverview.all(in: session)
            let results = try session.pipeline([
                Queue.failedKinds(), Queue.workers(), Queue.schedules(), Self.lateTimers(now), Self.refusedMail(now),
            ])
            let workers = try results[1].rows.map { try QueueWorker(row: $0) }
            var alerts = try results[0].rows.map { SystemAlert(try FailedKind(row: $0)) }
            alerts += queues.flatMap { SystemAlert.alerts(of: $0, workers: workers, now: now) }
            alerts += try results[2].rows.compactMap {
                SystemAlert.alert(of: try StoredSchedule(row: $0), now: now)
            }
            alerts += try Self.counted(.lateTimers, "timers", results[3].rows)
            alerts += try Self.counted(.refusedMail, "mail", results[4].rows)
            return (visitor, alerts.sorted { ($0.since, $0.subject) < ($1.since, $1.subject) })
        }
    }

    private static func counted(_ kind: SystemAlert.Kind, _ subject: String, _ rows: [Row]) throws -> [SystemAlert] {
        guard let row = rows.first, let since = try row.optional("since", as: Date.self) else { return [] }
        return [SystemAlert(kind, subject, count: try row.value("items"), since: since)]
    }

    private static func lateTimers(_ now: Date) -> SQL {
        """
        SELECT count(*) AS items, min(fire_at) AS since FROM workflow_timers
        WHERE fire_at < \(now.addingTimeInterval(-SystemAlert.patience))
        """
    }

    private static func refusedMail(_ now: Date) -> SQL {
        """
        SELECT count(*) AS items, min(created_at) AS since FROM outbound_emails
        WHERE state = 'refused' AND created_at > \(now.addingTimeInterval(-86_400))
        """
    }
}

/// `/api/v1/alerts`: what is wrong with the works at this moment.
struct AlertRoutes {
    let reader: AlertReader

    init(_ dependencies: WebDependencies) { reader = AlertReader(dependencies) }

    var operations: [Operation] {
        [
            Operation(
                .get, "/api/v1/alerts", "What is wrong with the works at this moment", tag: "Attention",
                access: .signedIn([.admin], needs: .readOps),
                scope: .none("jobs, queues and schedules are the company's; ops.read shows them all"),
                answers: [.json(.object([.init("alerts", .list(of: SystemAlert.schema))]))]
            ) { visit in
                _ = try visit.query()
                let alerts = try await reader.alerts(visit).alerts
                return Response(json: .object(["alerts": .array(alerts.map(\.json))]))
            }
        ]
    }
}
