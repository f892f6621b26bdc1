import Jobs

/// The shapes of what is said about jobs, queues and schedules.
///
/// Numbers of jobs are texts, for they do not fit into a JavaScript number.
enum JobSchemas {
    static let number = Schema.text(1...20)
    private static let place = Schema.choice(JobPlace.allCases.map(\.rawValue))
    static let words = Schema.text(0...100_000)

    private static let members: [Schema.Member] = [
        .init("id", number), .init("kind", .text()), .init("queue", .text()), .init("place", place),
        .init("run_at", .optional(.moment)), .init("attempts", .integer()), .init("max_attempts", .integer()),
        .init("crashes", .integer()), .init("last_error", .optional(words)), .init("note", .optional(words)),
        .init("machine", .optional(.text())), .init("record_id", .optional(.id)),
        .init("event_id", .optional(.id)), .init("created_at", .moment), .init("finished_at", .optional(.moment)),
    ]

    static let job = Schema.named("Job", .object(members))
    static let details = Schema.named(
        "JobDetails",
        .object(
            members + [
                // Sealed payloads are told by their key alone, and others to those who may operate.
                .init("payload", .anything, isRequired: false), .init("sealed_with", .text(), isRequired: false),
                .init("priority", .integer()), .init("unique_key", .optional(.text())),
                .init("concurrency_key", .optional(.text())), .init("concurrency_limit", .optional(.integer())),
                .init("rate_key", .optional(.text())), .init("tenant", .optional(.text())),
                .init("batch", .optional(.text())), .init("replaces", .optional(number)),
                .init("death", .optional(words)), .init("waits_for", .list(of: number)),
                .init("trace_parent", .optional(.text())), .init("worker", .optional(.text())),
                .init("claimed_at", .optional(.moment)), .init("lease_expires_at", .optional(.moment)),
                .init("cancel_requested_at", .optional(.moment)),
                .init("tries", .list(of: attempt)), .init("operations", .list(of: operation)),
            ]))

    private static let attempt = Schema.named(
        "JobTry",
        .object([
            .init("lease", .integer()), .init("attempt", .integer()), .init("outcome", .text()),
            .init("reason", .optional(words)), .init("worker", .optional(.text())),
            .init("claimed_at", .optional(.moment)), .init("finished_at", .moment),
            .init("retry_at", .optional(.moment)),
        ]))
    private static let operation = Schema.named(
        "JobOperation",
        .object([
            .init("at", .moment), .init("action", .text()), .init("by", .text()), .init("reason", .text()),
            .init("replaced_by", .optional(number)),
        ]))

    static let report = Schema.named(
        "JobReport",
        .object([
            .init(
                "progress",
                .optional(
                    .object([
                        .init("fraction", .number), .init("message", .optional(words)), .init("at", .optional(.moment)),
                    ]))),
            .init(
                "lines",
                .list(
                    of: .object([
                        .init("lease", .integer()), .init("line", .integer()), .init("at", .moment),
                        .init("level", .text()), .init("text", words),
                    ]))),
            .init("output", .anything),
        ]))

    static let outcome = Schema.named(
        "OperatedJob",
        .object([
            .init("id", number), .init("done", .boolean), .init("place", .optional(place)),
            .init("replacement", .optional(number)), .init("key_holder", .optional(number)),
            .init("paused", .optional(.object([.init("scope", .text()), .init("name", .text())]))),
        ]))
    static let redriven = Schema.object([.init("raised", .integer()), .init("left", .integer())])

    static let queue = Schema.named(
        "Queue",
        .object(
            [
                .init("queue", .text()), .init("more", .list(of: place)),
                .init("oldest_ready_ms", .optional(.integer())),
                .init("next_run_at", .optional(.moment)), .init("retrying", .integer()),
                .init("paused_at", .optional(.moment)), .init("paused_by", .optional(.text())),
                .init("pause_reason", .optional(words)),
            ] + JobPlace.allCases.map { Schema.Member($0.rawValue, .integer(), isRequired: false) }))
    static let pause = Schema.named(
        "Pause",
        .object([
            .init("scope", .choice(["queue", "kind", "key"])), .init("name", .text()), .init("paused_at", .moment),
            .init("by", .optional(.text())), .init("reason", .optional(.text())),
        ]))

    static let schedule = Schema.named(
        "Schedule",
        .object([
            .init("name", .text()), .init("cron", .text()), .init("zone", .text()),
            .init("catch_up", .choice(CatchUp.allCases.map(\.rawValue))), .init("next_fire_at", .moment),
            .init("last_fire_at", .optional(.moment)), .init("last_job", .optional(number)),
            .init("paused_at", .optional(.moment)), .init("paused_by", .optional(.text())),
            .init("pause_reason", .optional(words)), .init("in_words", .text()),
            .init(
                "last_run",
                .optional(
                    .object([
                        .init("place", place), .init("began_at", .optional(.moment)),
                        .init("run_ms", .optional(.integer())), .init("late_ms", .optional(.integer())),
                    ]))),
        ]))
    static let worker = Schema.named(
        "Worker",
        .object([
            .init("id", .text()), .init("name", .text()), .init("queues", .list(of: .text())),
            .init("kinds", .list(of: .text())), .init("started_at", .moment), .init("expires_at", .moment),
            .init("draining_at", .optional(.moment)), .init("drained_by", .optional(.text())),
            .init("drain_reason", .optional(words)),
            .init(
                "jobs",
                .list(
                    of: .object([
                        .init("id", number), .init("kind", .text()), .init("attempt", .integer()),
                        .init("since", .moment),
                    ]))),
        ]))
    static let drained = Schema.object([.init("id", .text()), .init("draining", .boolean)])
    static let placed = Schema.object([.init("job", number), .init("is_created", .boolean)])
    static let heldSchedule = Schema.object([.init("name", .text()), .init("paused", .boolean)])
}
