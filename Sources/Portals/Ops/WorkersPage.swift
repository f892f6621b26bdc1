import enum Documents.TemplateValue
import Foundation
import Jobs
import StateMachines

/// The processes that work, what each has in hand, and whether it takes anything new (O-15).
struct WorkersPage: Page {
    static let template = "ops-workers"

    let workers: [QueueWorker]
    let time: OpsTime
    /// The present by the database's clock, by which leases end.
    let databaseNow: Date
    let mayAct: Bool
    let notice: OpsNotice?

    var title: String { "Workers" }

    var values: PageValues {
        ["workers": .list(workers.map(card)), "is_empty": .flag(workers.isEmpty), "may_act": .flag(mayAct)]
            .merging(OpsTab.workers.values) { $1 }.merging(OpsNotice.values(notice)) { $1 }
    }

    private func card(_ worker: QueueWorker) -> PageValues {
        let isLost = worker.expiresAt < databaseNow
        let parts = worker.name.split(separator: "/", maxSplits: 1).map(String.init)
        let number = WorkerID(rawValue: worker.id).description
        var values: PageValues = [
            "key": .text("worker-\(number)"), "host": .text(parts.first ?? worker.name),
            "process": parts.count > 1 ? .text(parts[1]) : .absent, "number": .text(number),
            "state": .one(Self.badge(worker, isLost: isLost).values), "drain": .one(drain(worker)),
            "deed": mayAct && !isLost ? .one(deed(worker, number)) : .absent,
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

    private static func badge(_ worker: QueueWorker, isLost: Bool) -> Badge {
        if isLost { return Badge("Lost", .error) }
        guard worker.drain != nil else { return Badge("Working", .success) }
        return worker.leases.isEmpty ? Badge("Drained", .neutral) : Badge("Draining", .warning)
    }

    private func drain(_ worker: QueueWorker) -> PageValues? {
        worker.drain.map { drain in
            ["by": .text(drain.name), "reason": .text(drain.reason)]
                .merging(time.values("drained", drain.since)) { $1 }
        }
    }

    private func deed(_ worker: QueueWorker, _ number: String) -> PageValues {
        let isDrained = worker.drain != nil
        let others = workers.filter { $0.id != worker.id && $0.takesJobs(at: databaseNow) }
        let left = worker.queues.filter { queue in !others.contains { $0.queues.contains(queue) } }
        let warning = left.isEmpty ? "" : " Nobody else serves \(left.joined(separator: ", ")): its jobs wait."
        return DeedForm(
            id: "drain-\(number)", label: isDrained ? "Resume" : "Drain",
            action: "\(OpsPages.root)/workers/\(number)/" + (isDrained ? "resume" : "drain"),
            about: isDrained
                ? "It takes jobs again."
                : "It takes nothing new. What it runs goes on to its end; what it holds ahead is for others.\(warning)",
            // Of several, a key would not say which.
            key: workers.count == 1 ? "d" : nil
        ).values
    }

    private func lease(_ lease: QueueWorker.Lease) -> PageValues {
        [
            "key": .text("lease-\(lease.jobID)"), "href": .text(OpsPages.path(lease.jobID)),
            "kind": .text(Words.spelled(lease.kind)), "attempt": .text("\(lease.attempt)"),
            "for": .text(OpsTime.length(databaseNow.timeIntervalSince(lease.since))),
        ].merging(time.values("since", lease.since)) { $1 }
    }
}
