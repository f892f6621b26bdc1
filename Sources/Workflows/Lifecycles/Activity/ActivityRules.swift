import Foundation
import StateMachines

/// The guards of `workflows/activity.yaml`.
enum ActivityGuards {
    typealias Condition = Rules<ActivityFacts>.Condition

    static let all: [String: Condition] = [
        "it_has_happened": Condition { facts, context in hasHappened(facts, context) ? .yes : .no() },
        "new_time_is_ahead": Condition(readsInputs: true) { facts, context in
            guard let time = context.inputs.instant("scheduled_at") else { return .no(["scheduled_at": "The time"]) }
            return time > context.now ? .yes : .no(["scheduled_at": time.text(in: facts.rep.zone, context)])
        },
        "outcome_is_given": Condition(readsInputs: true) { facts, context in
            let asksForOne = facts.kind == .call || facts.hasGuests
            return !asksForOne || context.inputs.text("outcome") != nil ? .yes : .no()
        },
        "reminder_still_helps": Condition { facts, context in
            guard let start = facts.scheduledAt, let booked = facts.bookedAt else { return .no() }
            return MeetingReminder.stillHelps(start: start, bookedAt: booked, now: context.now) ? .yes : .no()
        },
        // What is over when it is entered invites nobody.
        "meeting_with_a_contact": Condition { facts, _ in
            facts.hasGuests && facts.guest != nil && facts.scheduledAt != nil && facts.completedAt == nil ? .yes : .no()
        },
    ]

    /// What was said, else what the time, the outcome or the kind tells: a note is written when it is made.
    private static func hasHappened(_ facts: ActivityFacts, _ context: MoveContext) -> Bool {
        if let happened = facts.happened { return happened }
        if let time = facts.scheduledAt { return time <= context.now }
        return facts.outcome != nil || facts.kind == .note
    }
}

/// The applies of `workflows/activity.yaml`: each changes facts and nothing else.
enum ActivityApplies {
    typealias Apply = @Sendable (inout ActivityFacts, MoveContext) -> Void

    static let all: [String: Apply] = [
        "set_scheduled_time": { facts, context in
            facts.scheduledAt = context.inputs.instant("scheduled_at")
            facts.bookedAt = context.asOf
            facts.version += 1
            facts.calendarSequence += 1
        },
        "record_outcome": { facts, context in
            facts.outcome = context.inputs.text("outcome") ?? facts.outcome
            facts.durationMinutes = context.inputs.integer("duration_minutes") ?? facts.durationMinutes
            facts.outcomeNote = context.inputs.text("note") ?? facts.outcomeNote
        },
    ]
}
