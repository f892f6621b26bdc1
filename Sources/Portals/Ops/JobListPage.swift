import enum Documents.TemplateValue
import Foundation
import Jobs
import WebAPI

/// What a search for jobs finds, a part at a time (O-03).
struct JobListPage: Page {
    static let template = "ops-jobs"

    let query: JobQuery
    /// Nil when nothing is called as the search says.
    let part: JobPart?
    let names: RecordNames?
    let queues: [String]
    let time: OpsTime
    let mayAct: Bool
    let notice: OpsNotice?

    var title: String { "Jobs" }

    private var jobs: [JobSummary] { part?.jobs ?? [] }
    private var isFirst: Bool { query.asked["cursor"] == nil }
    private var isFiltered: Bool { !query.shown.isEmpty }

    var values: PageValues {
        let next = part?.next.map { address(cursor: $0) }
        return [
            "states": .list(states), "fields": .list(fields), "more_fields": .list(moreFields),
            "is_more_open": .flag(
                moreFields.contains { if case .text(let text) = $0["value"] { !text.isEmpty } else { false } }),
            "kept": .list(kept(["place", "retrying"])), "jobs": .list(jobs.map(row)),
            "is_empty": .flag(jobs.isEmpty), "is_filtered": .flag(isFiltered), "all": .text(JobPages.root),
            "is_unknown": .flag(part == nil), "subject": .text(query.shown["subject"] ?? ""),
            "count": .text("\(jobs.count)"), "next": .optional(next), "goes_on": .flag(jobs.isEmpty && next != nil),
            "first": isFirst ? .absent : .text(query.address()), "is_live": .flag(isFirst),
            "may_act": .flag(mayAct && !jobs.isEmpty), "search": .list(kept([])),
            "bulk": .one(mayAct && isFiltered && !jobs.isEmpty ? bulk : nil),
            "may_choose": .flag(mayAct),
        ].merging(OpsTab.jobs.values) { $1 }.merging(OpsNotice.values(notice)) { $1 }
    }

    private func address(cursor: JobID) -> String {
        query.address() + (isFiltered ? "&" : "?") + "cursor=\(cursor)"
    }

    private var bulk: PageValues {
        func address(_ action: BulkWish.Action) -> TemplateValue {
            .text(Address.text(JobPages.root + "/bulk", query.shown.merging(["action": action.rawValue]) { $1 }))
        }
        return ["retry_href": address(.retry), "cancel_href": address(.cancel)]
    }

    /// What a form has to send along so that the rest of the search stays.
    private func kept(_ names: [String]) -> [PageValues] {
        query.shown.sorted { $0.key < $1.key }.filter { names.isEmpty || names.contains($0.key) }
            .map { ["field_name": .text($0.key), "field_value": .text($0.value)] }
    }

    private var states: [PageValues] {
        let (place, retrying) = (query.shown["place"], query.shown["retrying"])
        func chip(_ label: String, _ choice: String?, _ isRetrying: Bool? = nil) -> PageValues {
            let wanted = isRetrying.map(String.init)
            return [
                "label": .text(label), "href": .text(query.address(["place": choice, "retrying": wanted])),
                "is_current": .flag(place == choice && retrying == wanted),
            ]
        }
        return [
            chip("All", nil), chip("Ready", "ready"), chip("Running", "leased"),
            chip("Scheduled", "scheduled", false), chip("Retrying", "scheduled", true), chip("Waiting", "waiting"),
            chip("Waits for others", "blocked"), chip("Paused", "held"), chip("Dead", "dead"),
            chip("Succeeded", "finished"), chip("Cancelled", "cancelled"),
        ]
    }

    private func field(
        _ name: String, _ label: String, type: String = "text", hint: String? = nil, choices: [String] = []
    ) -> PageValues {
        let value = query.shown[name] ?? ""
        return [
            "name": .text(name), "field_id": .text("search-\(name)"), "field_label": .text(label),
            "value": .text(value), "is_required": .flag(true), "is_choice": .flag(!choices.isEmpty),
            "type": .text(type), "input_mode": .text("text"), "fault": .absent, "field_hint": .optional(hint),
            "is_free": .flag(true), "placeholder": .optional(hint),
            "choices": .list(
                choices.map { choice in
                    [
                        "choice": .text(choice), "choice_label": .text(choice),
                        "is_selected": .flag(choice == value),
                    ]
                }),
        ]
    }

    private var fields: [PageValues] {
        [
            field("subject", "About", type: "search", hint: "INV-10284, a tracking number, an id"),
            field("kind", "Kind", hint: "send_email"), field("queue", "Queue", choices: queues),
            field("error", "Error text", hint: "part of a message"),
        ]
    }

    private var moreFields: [PageValues] {
        [
            field("key", "Dedupe key"), field("worker", "Worker"),
            field("since", "Enqueued from", type: "datetime-local"),
            field("until", "Enqueued before", type: "datetime-local"),
            field("ended_since", "Ended from", type: "datetime-local"),
            field("ended_until", "Ended before", type: "datetime-local"),
        ]
    }

    private func row(_ job: JobSummary) -> PageValues {
        let (label, moment) = Self.moment(job)
        return [
            "key": .text("job-\(job.id)"), "id": .text(job.id.description), "href": .text(OpsPages.path(job.id)),
            "kind": .text(Words.spelled(job.kind)), "state": .one(JobState(job).badge.values),
            "queue": .text(job.queue), "subject": .one(Self.subject(job.subject, names)),
            "attempts": .text("\(job.attempts) of \(job.maxAttempts)"),
            "crashes": job.crashes == 0 ? .absent : .text("\(job.crashes)"), "when": .text(label),
            "error": job.place == .finished ? .absent : .optional(job.lastError), "remark": .optional(job.note),
            "is_quiet": .flag(job.note == nil && (job.lastError == nil || job.place == .finished)),
            "may_choose": .flag(mayAct),
        ].merging(time.values("at", moment)) { $1 }
    }

    /// The moment that matters most, and what it is.
    private static func moment(_ job: JobSummary) -> (String, Date) {
        if let finished = job.finishedAt, job.place.isOver {
            return (job.place == .dead ? "died" : "ended", finished)
        }
        if let runAt = job.runAt { return (job.attempts > 0 ? "next try" : "runs", runAt) }
        return ("enqueued", job.createdAt)
    }

    static func subject(_ subject: JobSubject?, _ names: RecordNames?) -> PageValues? {
        subject.map { subject in
            [
                "machine": .text(Words.spelled(subject.machine)),
                "record": .text(names?[subject.recordID] ?? String(subject.recordID.uuidString.lowercased().prefix(8))),
                "record_href": .text(RecordAddress.path(machine: subject.machine, id: subject.recordID)),
            ]
        }
    }
}

/// The question before something is done to everything that a search finds (O-10).
struct BulkPage: Page {
    static let template = "ops-bulk"

    let query: JobQuery
    let action: BulkWish.Action
    /// How many there are; nil: the search finds every job.
    let count: Int?

    var title: String { action == .retry ? "Retry many jobs" : "Cancel many jobs" }

    var values: PageValues {
        let jobs = count.map { min($0, JobPart.countBound) } ?? 0
        let more = (count ?? 0) > JobPart.countBound
        return [
            "verb": .text(action == .retry ? "Retry" : "Cancel"), "action": .text(action.rawValue),
            "is_danger": .flag(action == .cancel),
            "count": .text((more ? "more than " : "") + OpsTime.count(jobs) + (jobs == 1 ? " job" : " jobs")),
            "is_none": .flag(count == 0), "is_everything": .flag(count == nil), "is_some": .flag((count ?? 0) > 0),
            "back": .text(query.address()), "target": .text(JobPages.root + "/bulk"),
            "search": .list(
                query.shown.sorted { $0.key < $1.key }
                    .map {
                        [
                            "field_name": .text($0.key), "field_value": .text($0.value),
                            "field_word": .text(Words.spelled($0.key)),
                        ]
                    }),
            "about": .text(
                action == .retry
                    ? "Those that are dead, cancelled, scheduled or paused run at once; the others stay as they are."
                    : "Those that have not begun end at once, and those that run are stopped. Dead letters stay."),
        ].merging(OpsTab.jobs.values) { $1 }
    }
}
