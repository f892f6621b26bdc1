import Accounts
import Database
import Foundation
import HTTPTypes
import Hummingbird
import Jobs
import StateMachines

/// Jobs, queues and schedules, for whoever keeps the works running.
///
/// Every deed is kept with who and why by the queue itself.
struct JobRoutes {
    let dependencies: WebDependencies
    private let waker: QueueWaker

    private static let nobodys = RowScope.none("jobs, queues and schedules are the company's; ops.read shows them all")
    private static let jobID = Parameter(.path, "id", .text(1...19), "The job's number.", isRequired: true)
    private static let longest = 200

    init(dependencies: WebDependencies) {
        self.dependencies = dependencies
        waker = QueueWaker(pool: dependencies.pool)
    }

    var operations: [Operation] {
        let queues = Schema.list(of: JobSchemas.queue)
        let queue = Parameter(.path, "name", .text(1...200), "The queue's name.", isRequired: true, example: "default")
        let schedule = Parameter(.path, "name", .text(1...200), "The schedule's name.", isRequired: true)
        return [
            look("/jobs/overview", "What each queue holds", .object([.init("queues", queues)]), handler: overview),
            look(
                "/jobs", "The newest jobs of some kind",
                .object([.init("items", .list(of: JobSchemas.job, most: Self.longest))]), parameters: Self.filters,
                handler: list),
            look(
                "/jobs/{id}", "One job with all that happened to it", JobSchemas.details, parameters: [Self.jobID],
                handler: show),
            deed(
                "/jobs/{id}/retry", "Lets a dead, scheduled or held job run at once", JobSchemas.outcome,
                parameters: [Self.jobID]
            ) {
                try await on($0) { try await $0.retry($1) }
            },
            deed("/jobs/{id}/run-now", "Lets a scheduled job run at once", JobSchemas.outcome, parameters: [Self.jobID])
            {
                try await on($0) { try await $0.runNow($1) }
            },
            deed("/jobs/{id}/cancel", "Calls a job off", JobSchemas.outcome, parameters: [Self.jobID]) {
                try await on($0) { try await $0.cancel($1) }
            },
            deed("/jobs/{id}/discard", "Gives a dead job up for good", JobSchemas.outcome, parameters: [Self.jobID]) {
                try await on($0) { try await $0.discard($1) }
            },
            deed(
                "/jobs/redrive", "Lets the dead jobs of a kind or a queue run again", JobSchemas.redriven,
                body: [
                    .init("kind", .text(1...100), isRequired: false), .init("queue", .text(1...100), isRequired: false),
                ],
                handler: redrive),
            look(
                "/queues", "The queues and the pauses in force",
                .object([.init("queues", queues), .init("pauses", .list(of: JobSchemas.pause))]), handler: self.queues),
            deed(
                "/queues/{name}/pause", "Lets no jobs of the queue begin",
                .object([.init("paused", .optional(JobSchemas.pause))]), parameters: [queue], handler: pause),
            deed(
                "/queues/{name}/resume", "Lets the jobs of the queue begin again",
                .object([.init("resumed", .boolean)]), parameters: [queue], handler: resume),
            look(
                "/schedules", "What is enqueued by the clock, the next first",
                .object([.init("items", .list(of: JobSchemas.schedule))]), handler: schedules),
            deed(
                "/schedules/{name}/pause", "Holds a schedule", JobSchemas.heldSchedule, parameters: [schedule],
                handler: pauseSchedule),
            deed(
                "/schedules/{name}/resume", "Lets a schedule fire again", JobSchemas.heldSchedule,
                parameters: [schedule], handler: resumeSchedule),
        ]
    }

    private func look(
        _ path: String, _ summary: String, _ answer: Schema, parameters: [Parameter] = [],
        handler: @escaping Operation.Handler
    ) -> Operation {
        Operation(
            .get, "/api/v1" + path, summary, tag: "Jobs", access: .signedIn([.admin], needs: .readOps),
            scope: Self.nobodys, parameters: parameters, answers: [.json(answer)], handler: handler)
    }

    private func deed(
        _ path: String, _ summary: String, _ answer: Schema, parameters: [Parameter] = [],
        body: [Schema.Member] = [], handler: @escaping Operation.Handler
    ) -> Operation {
        Operation(
            .post, "/api/v1" + path, summary, tag: "Jobs", access: .signedIn([.admin], needs: .manageOps),
            scope: Self.nobodys, parameters: parameters, body: .object([.init("reason", .text(1...500))] + body),
            answers: [.json(answer, "What became of it.")], handler: handler)
    }

    private static let filters = [
        Parameter(.query, "kind", .text(1...100), "What is to be done."),
        Parameter(.query, "queue", .text(1...100), "The queue."),
        Parameter(.query, "place", .choice(JobPlace.allCases.map(\.rawValue)), "Where they are."),
        Parameter(.query, "key", .text(1...200), "Their unique or concurrency key."),
        Parameter(.query, "record", .id, "The record that they are about."),
        Parameter(.query, "limit", .integer(1...Int64(longest)), "How many at most; usually 50."),
    ]

    // MARK: Looking

    @Sendable private func overview(_ visit: Visit) async throws -> Response {
        _ = try await asked(visit)
        let queues = try await dependencies.pool.run { try QueueOverview.all(in: $0) }
        return Response(json: .object(["queues": .array(queues.map(\.json))]))
    }

    @Sendable private func list(_ visit: Visit) async throws -> Response {
        let query = try await asked(visit).query
        var filter = JobFilter()
        (filter.kind, filter.queue, filter.key) = (query["kind"], query["queue"], query["key"])
        filter.place = query["place"].flatMap(JobPlace.init)
        filter.record = query["record"].flatMap { UUID(uuidString: $0) }
        let limit = query["limit"].flatMap { Int($0) } ?? RequestLimits.usualListLength
        let wanted = filter
        let rows = try await dependencies.pool.run { session in
            try session.pipeline([Queue.plansByIndex, Queue.list(wanted, limit: limit)]).last?.rows ?? []
        }
        return Response(json: .object(["items": .array(try rows.map { try JobSummary(row: $0).json })]))
    }

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        let visitor = try await asked(visit).visitor
        let id = try job(visit)
        guard let details = try await dependencies.pool.run({ try JobDetails(of: id, in: $0) }) else {
            throw Problem.notFound("job")
        }
        guard case .object(var members) = try details.json else { throw Problem.notFound("job") }
        // Personal data may be in it (SEC-08).
        if !visitor.may(.manageOps) { members["payload"] = nil }
        return Response(json: .object(members))
    }

    @Sendable private func queues(_ visit: Visit) async throws -> Response {
        _ = try await asked(visit)
        let (queues, pauses) = try await dependencies.pool.run { session in
            (try QueueOverview.all(in: session), try session.query(Queue.pauses()).map(JobPause.init))
        }
        return Response(
            json: .object(["queues": .array(queues.map(\.json)), "pauses": .array(pauses.map(\.json))]))
    }

    @Sendable private func schedules(_ visit: Visit) async throws -> Response {
        _ = try await asked(visit)
        let rows = try await dependencies.pool.query(Queue.schedules())
        return Response(json: .object(["items": .array(try rows.map { try StoredSchedule(row: $0).json })]))
    }

    // MARK: Doing

    private func on(
        _ visit: Visit, _ deed: @Sendable (JobOperator, [JobID]) async throws -> [OperatedJob]
    ) async throws -> Response {
        let visitor = try await asked(visit).visitor
        let id = try job(visit)
        let person = try person(visitor, try await visit.body())
        guard let outcome = try await deed(person, [id]).first, outcome.isDone || outcome.place != nil else {
            throw Problem.notFound("job")
        }
        return Response(json: outcome.json)
    }

    @Sendable private func redrive(_ visit: Visit) async throws -> Response {
        let visitor = try await asked(visit).visitor
        let body = try await visit.body()
        var filter = DeadFilter()
        (filter.kind, filter.queue) = (Self.text("kind", in: body), Self.text("queue", in: body))
        let progress = try await person(visitor, body).redrive(filter)
        return Response(json: .object(["raised": .count(progress.raised), "left": .count(progress.left)]))
    }

    @Sendable private func pause(_ visit: Visit) async throws -> Response {
        let visitor = try await asked(visit).visitor
        let body = try await visit.body()
        let pause = try await person(visitor, body).pause(.queue(try await queue(visit)))
        return Response(json: .object(["paused": pause?.json ?? .null]))
    }

    @Sendable private func resume(_ visit: Visit) async throws -> Response {
        let visitor = try await asked(visit).visitor
        let body = try await visit.body()
        let isDone = try await person(visitor, body).resume(.queue(try await queue(visit)))
        return Response(json: .object(["resumed": .boolean(isDone)]))
    }

    @Sendable private func pauseSchedule(_ visit: Visit) async throws -> Response {
        _ = try await asked(visit)
        let (name, now) = (try name(visit, of: "schedule"), dependencies.now())
        _ = try await visit.body()
        let rows = try await dependencies.pool.query(Queue.pauseSchedule(name, now: now))
        guard !rows.isEmpty else { throw Problem.notFound("schedule") }
        return Response(json: .object(["name": .string(name), "paused": true]))
    }

    @Sendable private func resumeSchedule(_ visit: Visit) async throws -> Response {
        _ = try await asked(visit)
        let (name, now) = (try name(visit, of: "schedule"), dependencies.now())
        _ = try await visit.body()
        let isThere = try await dependencies.pool.transaction {
            try Queue.resumeSchedule(name, now: now, in: $0)
        }
        guard isThere else { throw Problem.notFound("schedule") }
        return Response(json: .object(["name": .string(name), "paused": false]))
    }

    // MARK: Reading what was asked

    private func asked(_ visit: Visit) async throws -> (visitor: Visitor, query: [String: String]) {
        let visitor = try await visit.visitor()
        return (visitor, try visit.query())
    }

    private func job(_ visit: Visit) throws -> JobID {
        let text = visit.context.parameters.get("id") ?? ""
        // As it is written everywhere, so that one job has one address.
        guard let number = Int64(text), String(number) == text else { throw Problem.notFound("job") }
        return JobID(rawValue: number)
    }

    private func name(_ visit: Visit, of what: String) throws -> String {
        guard let name = visit.context.parameters.get("name")?.removingPercentEncoding, !name.contains("\0") else {
            throw Problem.notFound(what)
        }
        return name
    }

    /// The queue of the address, which has to be one: the pause of a misspelled name would hold nothing.
    private func queue(_ visit: Visit) async throws -> String {
        let name = try name(visit, of: "queue")
        let known = try await dependencies.pool.run { try QueueOverview.all(in: $0) }
        guard known.contains(where: { $0.queue == name }) else { throw Problem.notFound("queue") }
        return name
    }

    private func person(_ visitor: Visitor, _ body: JSONValue) throws -> JobOperator {
        JobOperator(
            pool: dependencies.pool, waker: waker,
            note: OperatorNote(name: visitor.email, reason: Self.text("reason", in: body) ?? ""), now: dependencies.now)
    }

    private static func text(_ name: String, in body: JSONValue) -> String? {
        guard case .object(let members) = body, case .string(let text)? = members[name] else { return nil }
        return text
    }
}
