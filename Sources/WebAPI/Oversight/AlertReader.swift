public import Accounts
import Database
import Foundation
import Hummingbird
import Jobs
import StateMachines
import Workflows

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
        return try await desk.read(visit) { ($0, try Self.alerts(now: now, in: $1)) }
    }

    /// The same, as the program sees it, whoever asks.
    ///
    /// - Parameters:
    ///   - now: The present.
    ///   - session: A session with the program's rights.
    /// - Returns: What is wrong.
    /// - Throws: `DatabaseError`.
    static func alerts(now: Date, in session: Session) throws -> [SystemAlert] {
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
        try AlertNote.add(to: &alerts, now: now, in: session)
        return alerts.sorted { ($0.since, $0.subject) < ($1.since, $1.subject) }
    }

    /// Keeps that somebody has taken note of an alert, until it is over.
    ///
    /// - Parameters:
    ///   - kind: What is wrong.
    ///   - subject: Of what.
    ///   - note: What they say of it; blank is nothing.
    ///   - visit: Who takes note.
    /// - Returns: The alert, with whoever took note of it first.
    /// - Throws: ``Problem`` 401, 403, or 404 when there is no such alert any more; `DatabaseError`.
    public func acknowledge(
        _ kind: SystemAlert.Kind, of subject: String, note: String, _ visit: Visit
    ) async throws -> SystemAlert {
        let now = desk.dependencies.now()
        let words = note.trimmingCharacters(in: .whitespacesAndNewlines)
        return try await desk.read(visit) { visitor, session in
            guard visitor.may(.manageOps) else { throw Problem.missing(.manageOps) }
            func wanted() throws -> SystemAlert? {
                try Self.alerts(now: now, in: session).first { $0.kind == kind && $0.subject == subject }
            }
            guard let alert = try wanted() else { throw Problem.notFound("alert") }
            guard alert.acknowledged == nil else { return alert }
            let kept = try session.query(
                AlertNote.keep(alert, by: visitor.id, note: words.isEmpty ? nil : words, now: now))
            if !kept.isEmpty {
                let entry = AuditEntry(
                    actor: visitor.actor, action: "alert.acknowledge", subjectType: "alert", subjectID: nil,
                    after: ["kind": .string(kind.rawValue), "subject": .string(subject)],
                    reason: words.isEmpty ? nil : words, at: now, session: visitor.sessionID)
                try session.execute(entry.insert)
            }
            return try wanted() ?? alert
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
