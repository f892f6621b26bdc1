import enum Documents.TemplateValue
import Foundation
import Jobs
import StateMachines

/// The processes that work, and what each has in hand (O-15).
struct WorkersPage: Page {
    static let template = "ops-workers"

    let workers: [QueueWorker]
    let time: OpsTime
    /// The present by the database's clock, by which leases end.
    let databaseNow: Date

    var title: String { "Workers" }

    var values: PageValues {
        ["workers": .list(workers.map(card)), "is_empty": .flag(workers.isEmpty)]
            .merging(OpsTab.workers.values) { $1 }
    }

    private func card(_ worker: QueueWorker) -> PageValues {
        let isLost = worker.expiresAt < databaseNow
        let parts = worker.name.split(separator: "/", maxSplits: 1).map(String.init)
        let number = WorkerID(rawValue: worker.id).description
        var values: PageValues = [
            "key": .text("worker-\(number)"), "host": .text(parts.first ?? worker.name),
            "process": parts.count > 1 ? .text(parts[1]) : .absent, "number": .text(number),
            "state": .one((isLost ? Badge("Lost", .error) : Badge("Working", .success)).values),
            "is_lost": .flag(isLost), "queues": .text(worker.queues.joined(separator: ", ")),
            "kinds": .text("\(worker.kinds.count)" + (worker.kinds.count == 1 ? " kind of job" : " kinds of jobs")),
            "kind_names": .text(worker.kinds.map(Words.spelled).joined(separator: ", ")),
            "running": .text("\(worker.leases.count)"),
            "uptime": .text(OpsTime.length(databaseNow.timeIntervalSince(worker.startedAt))),
            "until": .text(OpsTime.length(abs(worker.expiresAt.timeIntervalSince(databaseNow)))),
            "jobs_href": .text("\(OpsPages.root)/jobs?worker=\(number)"), "leases": .list(worker.leases.map(lease)),
            "has_leases": .flag(!worker.leases.isEmpty),
        ]
        values.merge(time.values("started", worker.startedAt)) { $1 }
        values.merge(time.values("expires", worker.expiresAt)) { $1 }
        return values
    }

    private func lease(_ lease: QueueWorker.Lease) -> PageValues {
        [
            "key": .text("lease-\(lease.jobID)"), "href": .text(OpsPages.path(lease.jobID)),
            "kind": .text(Words.spelled(lease.kind)), "attempt": .text("\(lease.attempt)"),
            "for": .text(OpsTime.length(databaseNow.timeIntervalSince(lease.since))),
        ].merging(time.values("since", lease.since)) { $1 }
    }
}
