import enum Documents.TemplateValue
import Foundation
import Jobs
import StateMachines
import WebAPI
import Workflows

/// The path of one record through its machine, and where it can go from here (O-19).
struct RecordPathPage: Page {
    static let template = "record-path"

    let path: RecordPath
    let vocabulary: Vocabulary
    let graph: LifecycleGraph
    let layout: GraphLayout?
    let time: CompanyTime
    let now: Date
    /// Where the record's own page is, if there is one.
    let recordHref: String?
    /// Whether the visitor may see the machine's own page, and the jobs'.
    let seesOps: Bool

    private var machine: Machine { path.machine }
    private var standing: RecordStanding { path.explained.standing }

    var title: String { "\(path.name): path" }

    var values: PageValues {
        [
            "list": seesOps ? .text(LifecyclePages.root) : .absent,
            "machine_href": seesOps ? .text(LifecyclePages.path(machine.name.text)) : .absent,
            "machine_title": .text(machine.title), "name": .text(path.name),
            "record_href": .optional(recordHref),
            "live": .text("\(machine.name.text):\(path.record.uuidString.lowercased())"),
            "state": .one(machine.badge(ofState: standing.state).values), "since": .text(time.text(standing.since)),
            "since_iso": .text(Timestamp.text(standing.since)),
            "lasting": .text(Lasting.text(now.timeIntervalSince(standing.since))),
            "drawing": .one(layout.map { drawing($0).values }), "next": .list(path.explained.next.map(next)),
            "has_next": .flag(!path.explained.next.isEmpty), "tasks": .list(path.explained.tasks.map(task)),
            "has_tasks": .flag(!path.explained.tasks.isEmpty),
            "zone": .text(time.zone.identifier.replacing("_", with: " ")),
            "open": .list(path.explained.moves.filter(\.isEnabled).map(move)),
            "has_open": .flag(path.explained.moves.contains(where: \.isEnabled)),
            "blocked": .list(blocked.map(move)), "has_blocked": .flag(!blocked.isEmpty),
            "elsewhere": .list(elsewhere.map(move)), "has_elsewhere": .flag(!elsewhere.isEmpty),
            "steps": .list(steps),
        ]
    }

    // MARK: The picture

    private func drawing(_ layout: GraphLayout) -> LifecycleDrawing {
        var drawing = LifecycleDrawing(graph: graph, layout: layout)
        let ways = path.steps.map(\.event).filter { $0.kind != "timer" && $0.kind != "timer_cancelled" }.map {
            LifecycleDrawing.Way(from: $0.from, to: $0.to, move: $0.move)
        }
        drawing.walked = Set(ways)
        for way in ways { drawing.passes[way, default: 0] += 1 }
        drawing.here = standing.state
        for (state, seconds) in stays { drawing.remarks[state] = (Lasting.text(seconds), false) }
        return drawing
    }

    /// How long it was in each state, all stays together.
    private var stays: [String: TimeInterval] {
        var stays: [String: TimeInterval] = [:]
        for (index, moment) in entrances.enumerated() {
            let left = index + 1 < entrances.count ? entrances[index + 1].at : now
            stays[moment.state, default: 0] += left.timeIntervalSince(moment.at)
        }
        return stays
    }

    /// The events that entered a state.
    private var entrances: [(seq: Int, state: String, at: Date)] {
        path.steps.map(\.event).filter { $0.from != $0.to }.map { ($0.seq, $0.to, $0.asOf) }
    }

    // MARK: What comes

    private func next(_ next: Receipt.Next) -> PageValues {
        [
            "will": .text(next.will), "at": .text(time.text(next.at)), "at_iso": .text(Timestamp.text(next.at)),
            "away": .text(Lasting.text(from: now, to: next.at)), "timer": .text(next.timer),
        ]
    }

    private func task(_ task: OpenTask) -> PageValues {
        let title = vocabulary.tasks.first { $0.name == task.task }?.title ?? Words.spelled(task.task)
        return ["task": .text(title), "task_since": .text(time.text(task.since))]
    }

    /// What starts in this state and is kept from it by something.
    private var blocked: [ExplainedMove] { path.explained.moves.filter { !$0.isEnabled && $0.isReachable } }

    /// What starts in other states.
    private var elsewhere: [ExplainedMove] { path.explained.moves.filter { !$0.isEnabled && !$0.isReachable } }

    private func move(_ move: ExplainedMove) -> PageValues {
        [
            "move": .text(move.move.button ?? move.move.title), "about": .optional(move.move.about),
            "reasons": .list(
                move.told.map { reason in
                    let remedy = reason.unblocks.flatMap { machine.move(named: $0) }.map { $0.button ?? $0.title }
                    return ["message": .text(reason.message), "remedy": .optional(remedy)]
                }),
        ]
    }

    // MARK: What was

    /// The newest first.
    private var steps: [PageValues] {
        let entered = entrances
        return path.steps.reversed().map { step in
            let event = step.event
            let place = entered.firstIndex { $0.seq == event.seq }
            let left = place.map { $0 + 1 < entered.count ? entered[$0 + 1].at : now }
            let own = EventRow(event, machine: machine, time: time).values
            let role = Words.doer(role: event.role)
            let more: PageValues = [
                "key": .text("step-\(event.seq)"),
                "doer": .text(step.doer.map { "\($0), \(role.lowercased())" } ?? role),
                "stayed": .optional(left.map { Lasting.text($0.timeIntervalSince(event.asOf)) }),
                "is_last": .flag(place == entered.count - 1),
                "to_title": .text(machine.title(ofState: event.to)),
                "cause": .one(step.cause.map(cause)), "checks": .list(checks(event)),
                "has_checks": .flag(!checks(event).isEmpty), "jobs": .list(step.jobs.map(job)),
                "has_jobs": .flag(!step.jobs.isEmpty),
            ]
            return own.merging(more) { $1 }
        }
    }

    private func cause(_ cause: RecordPath.Cause) -> PageValues {
        [
            "cause_href": .text(LifecyclePages.path(cause.machine, cause.record)),
            "cause_name": .text(cause.name ?? Words.spelled(cause.machine)),
            "cause_move": .text(Words.spelled(cause.move).lowercased()),
        ]
    }

    /// The guards that let it pass: it would not have been made otherwise.
    private func checks(_ event: HistoryEntry) -> [PageValues] {
        guard ["create", "move", "correction"].contains(event.kind) else { return [] }
        let move = event.move == "create" ? machine.create : machine.move(named: event.move)
        return (move?.requires ?? []).map { word in
            ["check": .text(vocabulary.guard(named: word.text)?.says ?? Words.spelled(word.text))]
        }
    }

    private func job(_ job: JobSummary) -> PageValues {
        [
            "job_href": seesOps ? .text("/admin/command-center/ops/jobs/\(job.id)") : .absent,
            "kind": .text(Words.spelled(job.kind)),
            "place": .one(Badge(Words.spelled(job.place.rawValue), JobRow.tone(job.place)).values),
        ]
    }
}
