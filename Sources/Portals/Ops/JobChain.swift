import enum Documents.TemplateValue
import Foundation
import Jobs
import StateMachines
import WebAPI
import Workflows

/// What caused a job, and what came of it, as a path from the first request to the last job (O-07).
struct JobChain {
    let job: JobSummary
    let cause: JobCause
    let machines: Engine
    let time: OpsTime

    /// What the template shows.
    var values: PageValues {
        [
            "origin": .text(origin), "origin_trace": .optional(trace), "path": .list(cause.path.map(step)),
            "made": .list(cause.made.map(step)), "has_made": .flag(!cause.made.isEmpty),
            "siblings": .list(cause.jobs.map(sibling)), "has_siblings": .flag(!cause.jobs.isEmpty),
            "is_caused": .flag(!cause.path.isEmpty),
        ]
    }

    /// Who or what began it.
    private var origin: String {
        if let schedule = cause.schedule { return "Schedule \(schedule)" }
        guard let first = cause.path.first else { return "A person or the program itself, by no transition" }
        if first.entry.kind == "timer" { return "A timer: \(title(first))" }
        return "Request by \(who(first))"
    }

    /// The trace that the request began, by which logs are searched.
    private var trace: String? {
        cause.path.first?.traceParent.flatMap { header in
            let parts = header.split(separator: "-")
            return parts.count == 4 ? String(parts[1]) : nil
        }
    }

    private func who(_ step: JobCause.Step) -> String {
        let role = Words.doer(role: step.entry.role)
        return step.actorName.map { "\($0), \(role.lowercased())" } ?? role
    }

    private func title(_ step: JobCause.Step) -> String {
        (try? machines.definition(of: step.machine))?.title(ofEvent: step.entry.move) ?? Words.spelled(step.entry.move)
    }

    private func step(_ step: JobCause.Step) -> PageValues {
        let machine = try? machines.definition(of: step.machine)
        let isMoved = step.entry.from != step.entry.to
        let record = step.record.uuidString.lowercased()
        return [
            "key": .text("step-\(step.event.uuidString.lowercased())"),
            "machine": .text(Words.spelled(step.machine)),
            "record": .text(cause.names[step.record] ?? String(record.prefix(8))),
            "record_href": .text(RecordAddress.path(machine: step.machine, id: step.record)),
            "path_href": .text("/admin/command-center/lifecycles/\(step.machine)/\(record)"),
            "move": .text(title(step)),
            "from": isMoved
                ? .optional(step.entry.from.map { machine?.badge(ofState: $0).word ?? Words.spelled($0) }) : .absent,
            "to": .one(
                (machine?.badge(ofState: step.entry.to) ?? Badge(Words.spelled(step.entry.to), .neutral)).values),
            "who": .text(who(step)), "reason": .optional(step.entry.reason),
            "seq": .text("\(step.entry.seq)"),
        ].merging(time.values("at", step.entry.at, isExact: true)) { $1 }
    }

    private func sibling(_ sibling: JobSummary) -> PageValues {
        [
            "key": .text("sibling-\(sibling.id)"), "href": .text(OpsPages.path(sibling.id)),
            "kind": .text(Words.spelled(sibling.kind)), "state": .one(JobState(sibling).badge.values),
            // Of the same transition, or of what this job did.
            "is_later": .flag(sibling.eventID != job.eventID),
        ].merging(time.values("at", sibling.finishedAt ?? sibling.runAt ?? sibling.createdAt)) { $1 }
    }
}
