import enum Documents.TemplateValue
import Foundation
import Jobs

/// Everything that happened to a job, in order, to the millisecond (O-06).
struct JobTimeline {
    let details: JobDetails
    let time: OpsTime

    private struct Event {
        let at: Date
        let what: String
        var more: String?
        var tone = Badge.Tone.neutral
    }

    /// What the template shows.
    var rows: [PageValues] {
        events.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map { _, event in
            ["what": .text(event.what), "more": .optional(event.more), "tone": .text(event.tone.rawValue)]
                .merging(time.values("at", event.at, isExact: true)) { $1 }
        }
    }

    private var events: [Event] {
        let job = details.summary
        var events = [Event(at: job.createdAt, what: "Enqueued", more: "into \(job.queue)")]
        for attempt in details.attempts {
            if let claimed = attempt.claimedAt {
                let worker = attempt.workerID.map { " by \($0)" } ?? ""
                events.append(
                    Event(at: claimed, what: "Leased" + worker, more: "attempt \(attempt.attempt)", tone: .info))
            }
            var reasons = [attempt.reason].compactMap(\.self)
            if let retry = attempt.retryAt { reasons.append("again at \(time.exact(retry))") }
            // That it was taken up again stands in the words of whoever did it.
            if attempt.outcome == "released", attempt.workerID == nil { continue }
            let badge = Self.badge(attempt.outcome)
            events.append(
                Event(
                    at: attempt.finishedAt, what: badge.word,
                    more: reasons.isEmpty ? nil : reasons.joined(separator: "; "), tone: badge.tone))
        }
        if job.place == .scheduled, let due = job.runAt {
            events.append(Event(at: due, what: "Due", more: "it waits for this moment", tone: .info))
        }
        if let claimed = details.claimedAt {
            let worker = details.workerID.map { " by \($0)" } ?? ""
            events.append(Event(at: claimed, what: "Leased" + worker, more: "it runs now", tone: .info))
        }
        if let asked = details.cancelRequestedAt {
            events.append(Event(at: asked, what: "Asked to stop", tone: .warning))
        }
        for operation in details.operations {
            events.append(
                Event(
                    at: operation.at, what: "\(Self.words(operation.action)) by \(operation.name)",
                    more: operation.reason.isEmpty ? nil : "“\(operation.reason)”", tone: .warning))
        }
        if job.place == .dead, let died = job.finishedAt { events.append(Event(at: died, what: "Died", tone: .error)) }
        return events
    }

    private static func words(_ action: String) -> String {
        switch action {
        case "retry": "Retried"
        case "edit": "Replaced"
        case "redrive": "Retried with others"
        case "run_now": "Run at once"
        case "cancel": "Cancelled"
        case "discard": "Discarded"
        default: Words.spelled(action)
        }
    }

    static func badge(_ outcome: String) -> Badge {
        switch outcome {
        case "succeeded": Badge("Succeeded", .success)
        case "failed": Badge("Failed", .error)
        case "discarded": Badge("Gave up", .error)
        case "undecodable": Badge("Payload unreadable", .error)
        case "lost": Badge("Lease expired, worker lost", .error)
        case "snoozed": Badge("Put off", .neutral)
        case "released": Badge("Given back", .neutral)
        case "cancelled": Badge("Cancelled", .neutral)
        default: Badge(Words.spelled(outcome), .warning)
        }
    }
}
