import enum Documents.TemplateValue
import Database
import Foundation
import Jobs
import StateMachines
import WebAPI
import Workflows

/// One job with all that happened to it, and what caused it (O-04 to O-09).
struct JobPage: Page {
    static let template = "ops-job"

    let details: JobDetails
    let told: ToldOfJob
    let cause: JobCause
    let machines: Engine
    let time: OpsTime
    let mayAct: Bool
    let notice: OpsNotice?
    let refused: RefusedEdit?

    private var job: JobSummary { details.summary }

    var title: String { Words.spelled(job.kind) }

    var values: PageValues {
        var values: PageValues = [
            "id": .text(job.id.description), "kind": .text(Words.spelled(job.kind)), "kind_name": .text(job.kind),
            "list": .text(JobPages.root), "state": .one(JobState(job).badge.values),
            "is_alive": .flag(!job.place.isOver), "subject": .one(JobListPage.subject(job.subject, cause.names)),
            "facts": .list(JobFacts(details: details, time: time).rows), "deeds": .list(mayAct ? deeds : []),
            "has_deeds": .flag(mayAct && !deeds.isEmpty), "may_not": .flag(!mayAct && !deeds.isEmpty),
            "timeline": .list(JobTimeline(details: details, time: time).rows),
            "attempts": .list(attempts), "has_attempts": .flag(!attempts.isEmpty), "trouble": .one(trouble),
            "remark": .optional(job.note), "edit": .one(edit),
            "api": .text("/api/v1/jobs/\(job.id)"), "zone": .text(time.time.zone.identifier.replacing("_", with: " ")),
        ]
        values.merge(JobChain(job: job, cause: cause, machines: machines, time: time).values) { $1 }
        values.merge(carried) { $1 }
        return values.merging(OpsTab.jobs.values) { $1 }.merging(OpsNotice.values(notice)) { $1 }
    }

    /// What keeps it from success.
    private var trouble: PageValues? {
        guard job.place != .finished, job.place != .cancelled, let error = job.lastError else { return nil }
        let isRetrying = job.place == .scheduled && job.attempts > 0
        let next = isRetrying ? job.runAt : nil
        return [
            "error": .text(error), "is_dead": .flag(job.place == .dead),
            "why": .optional(details.death.map(Self.words)),
        ].merging(time.values("next", next)) { $1 }
    }

    private static func words(_ death: String) -> String {
        switch death {
        case "attempts": "It used up all its attempts."
        case "discarded": "Its handler gave it up: trying again does not help."
        case "worker_lost": "Its worker was lost with it, again and again."
        case "undecodable": "Its payload cannot be read."
        default: Words.spelled(death) + "."
        }
    }

    // MARK: Deeds

    private var deeds: [PageValues] {
        let path = OpsPages.path(job.id)
        var forms: [DeedForm] = []
        if [.dead, .scheduled, .held].contains(job.place) || mayBeTakenUp {
            let isOver = job.place.isOver
            forms.append(
                DeedForm(
                    id: "retry", label: isOver || job.attempts > 0 ? "Retry now" : "Run now", action: path + "/retry",
                    about: retryWords, key: "r"))
        }
        if !job.place.isOver {
            forms.append(
                DeedForm(
                    id: "cancel", label: "Cancel", action: path + "/cancel",
                    about: job.place == .leased
                        ? "It is asked to stop, and nothing of it is kept." : "It does not run any more.",
                    isDanger: true, key: "c"))
        }
        if job.place == .dead {
            forms.append(
                DeedForm(
                    id: "discard", label: "Discard", action: path + "/discard",
                    about: "It is given up for good, and so is whatever waits for it. Its story is kept.",
                    isDanger: true, key: "d"))
        }
        return forms.map(\.values)
    }

    /// Whether it was called off, and neither given up for good nor replaced by another.
    private var mayBeTakenUp: Bool {
        job.place == .cancelled && !details.operations.contains { ["discard", "edit"].contains($0.action) }
    }

    private var retryWords: String {
        switch job.place {
        case .dead: "It runs at once, with all its attempts before it."
        case .cancelled: "It runs at once, as if nobody had called it off; its attempts count on."
        default: "It runs at once."
        }
    }

    private var edit: PageValues? {
        guard mayAct, job.place == .dead else { return nil }
        return [
            "edit_action": .text(OpsPages.path(job.id) + "/edit"), "is_open": .flag(refused != nil),
            "edited": .text(refused?.payload ?? (sealedWith == nil ? pretty(details.payload) : "{\n}")),
            "reason": .text(refused?.reason ?? ""), "fault": .optional(refused?.fault),
            "is_sealed": .flag(sealedWith != nil),
        ]
    }

    // MARK: What happened

    private var attempts: [PageValues] {
        details.attempts.filter { $0.outcome != "released" || $0.workerID != nil }.map { attempt in
            let isLong = (attempt.reason?.count ?? 0) > 120
            var values: PageValues = [
                "number": .text("\(attempt.attempt)"), "lease": .text("\(attempt.lease)"),
                "outcome": .one(JobTimeline.badge(attempt.outcome).values),
                "worker": .optional(attempt.workerID?.description),
                "worker_href": .text("\(JobPages.root)?worker=\(attempt.workerID?.description ?? "")"),
                "took": .text(
                    attempt.claimedAt.map { OpsTime.length(attempt.finishedAt.timeIntervalSince($0)) } ?? "–"),
                "message": isLong ? .absent : .optional(attempt.reason),
                "head": isLong ? .text(String((attempt.reason ?? "").prefix(100)) + "…") : .absent,
                "whole": .text(attempt.reason ?? ""),
                "is_quiet": .flag(attempt.reason == nil),
                "back_off": attempt.retryAt.map {
                    .text(OpsTime.length($0.timeIntervalSince(attempt.finishedAt)))
                } ?? .absent,
            ]
            values.merge(time.values("began", attempt.claimedAt, isExact: true)) { $1 }
            values.merge(time.values("ended", attempt.finishedAt, isExact: true)) { $1 }
            return values
        }
    }

    private var sealedWith: String? { SealedPayload(details.payload)?.keyID }

    /// Payload, lines, progress and output.
    private var carried: PageValues {
        [
            "payload": sealedWith == nil
                ? .text(mayAct ? pretty(details.payload) : masked(details.payload)) : .absent,
            "sealed_with": .optional(sealedWith), "is_masked": .flag(!mayAct && sealedWith == nil),
            "output": told.output.map { .text(mayAct ? pretty($0) : masked($0)) } ?? .absent,
            "progress": .one(
                told.progress.map { progress in
                    [
                        "percent": .text("\(Int(progress.fraction * 100))"),
                        "message": .optional(progress.message),
                    ].merging(time.values("at", told.progressAt)) { $1 }
                }),
            "lines": .list(
                told.lines.map { lease, line in
                    [
                        "key": .text("line-\(lease)-\(line.number)"), "level": .text(line.level),
                        "text": .text(line.text),
                        "is_bad": .flag(["warning", "error", "critical"].contains(line.level)),
                    ].merging(time.values("at", line.moment, isExact: true)) { $1 }
                }),
            "has_lines": .flag(!told.lines.isEmpty),
        ]
    }

    private func pretty(_ json: JSON) -> String { ShownJSON(json)?.text ?? json.text }

    private func masked(_ json: JSON) -> String { ShownJSON(json)?.masked.text ?? "…" }
}
