import Accounts
public import Database
import Foundation
import HTTPTypes
import Hummingbird
import Jobs
import StateMachines

/// What is done to many jobs at once, and the dead letters by what they died of.
struct BulkRoutes {
    let desk: OpsDesk

    private static let group: [Schema.Member] = [
        .init("kind", .text(1...100), isRequired: false), .init("queue", .text(1...100), isRequired: false),
        .init("cause", .text(1...100), isRequired: false), .init("error", .text(0...500), isRequired: false),
    ]
    private static let dead = Schema.named(
        "DeadGroup",
        .object([
            .init("kind", .text()), .init("cause", .text()), .init("error", JobSchemas.words),
            .init("letters", .integer()), .init("first_at", .moment), .init("last_at", .moment),
            .init("example", JobSchemas.number), .init("detail", .optional(JobSchemas.words)),
        ]))
    /// How many groups are told of.
    private static let groups = 200

    var operations: [Operation] {
        [
            desk.look(
                "/jobs/count", "How many jobs a search finds, counted up to \(JobPart.countBound)",
                .object([.init("jobs", .integer()), .init("is_more", .boolean)]), parameters: JobSearch.parameters,
                handler: count),
            desk.deed(
                "/jobs/bulk", "Asks for a job that does something to everything that a search finds",
                JobSchemas.placed,
                body: [
                    .init("action", .choice(BulkWish.Action.allCases.map(\.rawValue))),
                    .init(
                        "search",
                        .object(
                            JobSearch.parameters.map { .init($0.name, $0.schema, isRequired: false) })),
                ], problems: [404], handler: bulk),
            desk.look(
                "/jobs/dead", "The dead letters by kind and error",
                .object([.init("groups", .list(of: Self.dead, most: Self.groups))]), handler: groups),
            desk.deed(
                "/jobs/redrive", "Lets the dead jobs of a kind, a queue or a group run again", JobSchemas.redriven,
                body: Self.group, handler: redrive),
            desk.deed(
                "/jobs/dead/discard", "Gives the dead jobs of a kind, a queue or a group up for good",
                .object([.init("discarded", .integer())]), body: Self.group, handler: discard),
        ]
    }

    @Sendable private func count(_ visit: Visit) async throws -> Response {
        let search = JobSearch(try visit.query())
        let jobs = try await desk.read(visit) { try search.count(in: $1) }
        return Response(
            json: .object([
                "jobs": .count(min(jobs, JobPart.countBound)), "is_more": .boolean(jobs > JobPart.countBound),
            ]))
    }

    @Sendable private func bulk(_ visit: Visit) async throws -> Response {
        let (person, body) = try await desk.wish(visit)
        guard let action = body.text("action").flatMap(BulkWish.Action.init),
            case .object(let members) = body, case .object(let wanted)? = members["search"]
        else { throw Problem.defect }
        let search = JobSearch(wanted.compactMapValues(\.written))
        guard !search.isEmpty else {
            throw Problem(
                .unprocessableContent,
                faults: [
                    .init(
                        code: "search_empty", message: "Say which jobs are meant: every job is never.", field: "search")
                ])
        }
        guard let filter = try await desk.dependencies.pool.run({ try search.resolved(in: $0) }) else {
            throw Problem.notFound("record")
        }
        guard let placed = try await person.wish(action, for: filter) else { throw Problem.defect }
        return Response(
            json: .object(["job": .string(placed.jobID.description), "is_created": .boolean(placed.isCreated)]))
    }

    @Sendable private func groups(_ visit: Visit) async throws -> Response {
        _ = try visit.query()
        let rows = try await desk.read(visit) { try $1.query(Queue.deadGroups(limit: Self.groups)) }
        return Response(json: .object(["groups": .array(try rows.map { try DeadGroup(row: $0).json })]))
    }

    @Sendable private func redrive(_ visit: Visit) async throws -> Response {
        let (person, body) = try await desk.wish(visit)
        let progress = try await person.redrive(filter(body))
        return Response(json: .object(["raised": .count(progress.raised), "left": .count(progress.left)]))
    }

    @Sendable private func discard(_ visit: Visit) async throws -> Response {
        let (person, body) = try await desk.wish(visit)
        return Response(json: .object(["discarded": .count(try await person.discard(filter(body)))]))
    }

    private func filter(_ body: JSONValue) -> DeadFilter {
        var filter = DeadFilter()
        (filter.kind, filter.queue) = (body.text("kind"), body.text("queue"))
        (filter.reason, filter.error) = (body.text("cause"), body.text("error"))
        return filter
    }
}

extension JobSearch {
    /// Counts what it finds, up to a bit more than `JobPart.countBound`.
    ///
    /// - Parameter session: Any session.
    /// - Returns: How many.
    /// - Throws: `DatabaseError`.
    public func count(in session: Session) throws(DatabaseError) -> Int {
        guard let filter = try resolved(in: session) else { return 0 }
        return try JobPart.count(filter, in: session)
    }
}

extension JSONValue {
    /// The value as a query has it.
    fileprivate var written: String? {
        switch self {
        case .string(let text): text
        case .integer(let number): String(number)
        case .boolean(let flag): String(flag)
        case .null, .number, .array, .object: nil
        }
    }
}

extension DeadGroup {
    fileprivate var json: JSONValue {
        .object([
            "kind": .string(kind), "cause": .string(reason), "error": .string(error), "letters": .count(letters),
            "first_at": .moment(firstAt), "last_at": .moment(lastAt), "example": .string(example.description),
            "detail": .text(detail),
        ])
    }
}
