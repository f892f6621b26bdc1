import Database
import Foundation
import Jobs
import WebAPI

/// What the commands tell people.
enum JobsText {
    static func overview(_ queues: [QueueOverview], _ pauses: [JobPause]) -> String {
        guard !queues.isEmpty else { return "There is no queue yet: nothing was enqueued, and no worker has begun." }
        var table = TextTable("QUEUE", "READY", "RUNNING", "SCHEDULED", "WAITING", "BLOCKED", "HELD", "DEAD", "OLDEST")
        for queue in queues {
            func depth(_ place: JobPlace) -> String {
                count(queue.depths[place] ?? 0) + (queue.overflows.contains(place) ? "+" : "")
            }
            table.add(
                queue.queue, depth(.ready), depth(.leased), depth(.scheduled), depth(.waiting), depth(.blocked),
                depth(.held), depth(.dead), queue.oldestReadyAge.map(length))
        }
        return ([table.text] + pauses.map(pause)).joined(separator: "\n")
    }

    static func pause(_ pause: JobPause) -> String {
        TextTable.plain(
            "The \(pause.scope.noun) \(pause.scope.name) is paused since \(moment(pause.pausedAt))"
                + (pause.name.map { " by \($0)" } ?? "") + (pause.reason.map { ": \($0)" } ?? "."))
    }

    static func list(_ jobs: [JobSummary]) -> String {
        guard !jobs.isEmpty else { return "There is no such job." }
        var table = TextTable("JOB", "KIND", "QUEUE", "PLACE", "TRIES", "ENQUEUED", "RUNS OR ENDED", "WHY")
        for job in jobs {
            table.add(
                "\(job.id)", job.kind, job.queue, job.place.rawValue, "\(job.attempts)/\(job.maxAttempts)",
                moment(job.createdAt), (job.runAt ?? job.finishedAt).map(moment), job.note ?? job.lastError)
        }
        return table.text
    }

    /// A whole number with commas, as people read it.
    static func count(_ number: Int) -> String {
        number.formatted(.number.locale(Locale(identifier: "en_US")))
    }

    static func moment(_ date: Date) -> String { Timestamp.text(date) }

    static func length(_ duration: Duration) -> String {
        let seconds = duration.components.seconds
        return switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7_200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3_600) h"
        default: "\(seconds / 86_400) days"
        }
    }

    /// What became of a wish for one job, in a sentence.
    static func outcome(of action: OperatorAction, _ job: OperatedJob) -> String {
        "job \(job.jobID): " + (job.isDone ? done(action, job) : refused(action, job))
    }

    private static func done(_ action: OperatorAction, _ job: OperatedJob) -> String {
        switch action {
        case .cancel where job.place == .leased: "runs, and is stopped"
        case .cancel: "cancelled"
        case .discard: "given up"
        case .edit: "replaced by job \(job.replacement.map(\.description) ?? "")"
        default:
            switch job.place {
            case .waiting: "runs as soon as its concurrency key has a slot"
            case .scheduled: "runs as soon as its rate limit lets it"
            default: "runs now"
            }
        }
    }

    /// Why nothing was done, and what to do instead.
    private static func refused(_ action: OperatorAction, _ job: OperatedJob) -> String {
        switch (job.place, action) {
        case (nil, _): "there is no such job, or no longer"
        case (.dead, .retry), (.dead, .edit):
            if let holder = job.keyHolder {
                "is dead, and job \(holder) has its unique key by now: let that one end, or cancel it"
            } else {
                "is in somebody else's hands at this moment; look again"
            }
        case (.dead, .runNow): "is dead: retry it"
        case (.dead, _): "is dead: discard it, or retry it"
        case (.held, _):
            if let pause = job.pause {
                TextTable.plain("is held, for the \(pause.noun) \(pause.name) is paused: resume that")
            } else {
                "is held, and let go in a moment"
            }
        case (.leased, .discard), (.leased, .edit): "runs at this moment: cancel it"
        case (.leased, _): "runs at this moment"
        case (.ready, _): "is ready, and next in line for a worker"
        case (.waiting, _): "waits for a slot of its concurrency key"
        case (.blocked, _): "waits for other jobs: `show` names them"
        case (.scheduled, .discard), (.scheduled, .edit): "is scheduled to run again: cancel it, or retry it"
        case (.scheduled, _): "is in somebody else's hands at this moment; look again"
        case (.finished, _): "has succeeded"
        case (.cancelled, .retry):
            if let holder = job.keyHolder {
                "was cancelled, and job \(holder) has its unique key by now: let that one end, or cancel it"
            } else {
                "was given up for good, or replaced by another"
            }
        case (.cancelled, _): "was cancelled"
        }
    }
}
