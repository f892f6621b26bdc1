import Accounts
import Database
import Foundation
import HTTPTypes
import Hummingbird
import Jobs
import StateMachines

/// Jobs and queues, for whoever keeps the works running.
struct JobRoutes {
    let desk: OpsDesk
    private var dependencies: WebDependencies { desk.dependencies }

    private static let jobID = Parameter(.path, "id", .text(1...19), "The job's number.", isRequired: true)
    private static let longest = 200

    var operations: [Operation] {
        let queues = Schema.list(of: JobSchemas.queue)
        return [
            desk.look("/jobs/overview", "What each queue holds", .object([.init("queues", queues)]), handler: overview),
            desk.look(
                "/jobs", "Looks for jobs, the newest first",
                .object([
                    .init("items", .list(of: JobSchemas.job, most: Self.longest)),
                    .init("next_cursor", .optional(JobSchemas.number)),
                ]), parameters: JobSearch.parameters + Self.paging, handler: list),
            desk.look(
                "/jobs/{id}", "One job with all that happened to it", JobSchemas.details, parameters: [Self.jobID],
                handler: show),
            desk.look(
                "/jobs/{id}/report", "What a job has told of itself: progress, lines and what came of it",
                JobSchemas.report, parameters: [Self.jobID], handler: report),
            desk.look(
                "/jobs/{id}/cause", "What caused a job, and what it did", JobCause.schema, parameters: [Self.jobID],
                handler: cause),
            deed("/retry", "Lets a dead, scheduled, held or cancelled job run at once") { try await $0.retry($1) },
            deed("/run-now", "Lets a scheduled job run at once") { try await $0.runNow($1) },
            deed("/cancel", "Calls a job off") { try await $0.cancel($1) },
            deed("/discard", "Gives a dead job up for good") { try await $0.discard($1) },
            desk.deed(
                "/jobs/{id}/edit", "Replaces a dead job by one with another payload", JobSchemas.outcome,
                parameters: [Self.jobID], body: [.init("payload", .map)], problems: [409], handler: edit),
            desk.look(
                "/queues", "The queues and the pauses in force",
                .object([.init("queues", queues), .init("pauses", .list(of: JobSchemas.pause))]), handler: self.queues),
        ]
    }

    /// Something that is done to one job.
    private func deed(
        _ path: String, _ summary: String,
        _ deed: @escaping @Sendable (JobOperator, [JobID]) async throws -> [OperatedJob]
    ) -> Operation {
        desk.deed("/jobs/{id}" + path, summary, JobSchemas.outcome, parameters: [Self.jobID]) {
            try await on($0, deed)
        }
    }

    private static let paging = [
        Parameter(.query, "cursor", .text(1...19), "The `next_cursor` of the part before."),
        Parameter(.query, "limit", .integer(1...Int64(longest)), "How many at most; usually 50."),
    ]

    // MARK: Looking

    @Sendable private func overview(_ visit: Visit) async throws -> Response {
        _ = try visit.query()
        let queues = try await desk.read(visit) { try QueueOverview.all(in: $1) }
        return Response(json: .object(["queues": .array(queues.map(\.json))]))
    }

    @Sendable private func list(_ visit: Visit) async throws -> Response {
        let query = try visit.query()
        if let cursor = query["cursor"], Int64(cursor) == nil {
            throw Problem(
                .unprocessableContent,
                faults: [.init(code: "parameter_invalid", message: "The cursor is none of ours.", field: "cursor")])
        }
        let search = JobSearch(query)
        let limit = query["limit"].flatMap { Int($0) } ?? RequestLimits.usualListLength
        let page = try await desk.read(visit) { try search.page(limit: limit, in: $1) }
        return Response(
            json: .object([
                "items": .array(page?.jobs.map(\.json) ?? []), "next_cursor": .text(page?.next?.description),
            ]))
    }

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        _ = try visit.query()
        let id = try job(visit)
        let (visitor, found) = try await desk.read(visit) { ($0, try JobDetails(of: id, in: $1)) }
        guard let details = found else { throw Problem.notFound("job") }
        guard case .object(var members) = try details.json else { throw Problem.notFound("job") }
        // Personal data may be in it (SEC-08).
        if !visitor.may(.manageOps) { members["payload"] = nil }
        return Response(json: .object(members))
    }

    @Sendable private func report(_ visit: Visit) async throws -> Response {
        _ = try visit.query()
        let id = try job(visit)
        let (visitor, told) = try await desk.read(visit) { visitor, session in
            guard try JobDetails(of: id, in: session) != nil else { throw Problem.notFound("job") }
            return (visitor, try ToldOfJob(of: id, in: session))
        }
        guard case .object(var members) = try told.json else { throw Problem.notFound("job") }
        // What came of it may be about somebody, as its payload is.
        if !visitor.may(.manageOps) { members["output"] = .null }
        return Response(json: .object(members))
    }

    @Sendable private func cause(_ visit: Visit) async throws -> Response {
        _ = try visit.query()
        let id = try job(visit)
        let cause = try await desk.read(visit) { _, session in
            guard let details = try JobDetails(of: id, in: session) else { throw Problem.notFound("job") }
            return try JobCause(of: details, in: session)
        }
        return Response(json: cause.json)
    }

    @Sendable private func queues(_ visit: Visit) async throws -> Response {
        _ = try visit.query()
        let (queues, pauses) = try await desk.read(visit) { _, session in
            (try QueueOverview.all(in: session), try session.query(Queue.pauses()).map(JobPause.init))
        }
        return Response(
            json: .object(["queues": .array(queues.map(\.json)), "pauses": .array(pauses.map(\.json))]))
    }

    // MARK: Doing

    private func on(
        _ visit: Visit, _ deed: @Sendable (JobOperator, [JobID]) async throws -> [OperatedJob]
    ) async throws -> Response {
        let person = try await desk.person(visit)
        let id = try job(visit)
        guard let outcome = try await deed(person, [id]).first, outcome.isDone || outcome.place != nil else {
            throw Problem.notFound("job")
        }
        return Response(json: outcome.json)
    }

    @Sendable private func edit(_ visit: Visit) async throws -> Response {
        let (person, body) = try await desk.wish(visit)
        let id = try job(visit)
        guard case .object(let members) = body, let payload = members["payload"] else { throw Problem.defect }
        guard try await dependencies.pool.run({ try JobDetails(of: id, in: $0) }) != nil else {
            throw Problem.notFound("job")
        }
        do {
            let outcome = try await person.replace(id, payload: JSON(text: payload.json), seal: dependencies.seal)
            return Response(json: outcome.json)
        } catch is PayloadSealError {
            throw Problem(
                .conflict, code: "sealed", title: Problem.title(of: .conflict),
                detail: "The payload is sealed, and this process has no key to seal another one with.")
        }
    }

    // MARK: Reading what was asked

    private func job(_ visit: Visit) throws -> JobID {
        let text = visit.context.parameters.get("id") ?? ""
        // As it is written everywhere, so that one job has one address.
        guard let number = Int64(text), String(number) == text else { throw Problem.notFound("job") }
        return JobID(rawValue: number)
    }
}
