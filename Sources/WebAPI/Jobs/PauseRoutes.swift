import Accounts
import Database
import HTTPTypes
import Hummingbird
public import Jobs
import StateMachines

/// What is kept from beginning: the jobs of a queue, those of a kind, and whatever a worker would take next.
struct PauseRoutes {
    let desk: OpsDesk

    var operations: [Operation] {
        let queue = Parameter(.path, "name", .text(1...200), "The queue's name.", isRequired: true, example: "default")
        let kind = Parameter(.path, "name", .text(1...200), "The kind.", isRequired: true, example: "send_email")
        let worker = Parameter(.path, "id", .text(1...16), "The worker's number.", isRequired: true)
        return pauses("/queues/{name}", "of the queue", queue) { .queue(try await desk.queue($0)) }
            + pauses("/kinds/{name}", "of the kind, in whatever queue,", kind) { .kind(try await desk.kind($0)) }
            + [
                desk.deed(
                    "/workers/{id}/drain", "Lets a worker take nothing new; what it runs goes on to its end",
                    JobSchemas.drained, parameters: [worker]
                ) { visit in
                    try await drain(visit, isDrained: true) { try await $0.drain($1) }
                },
                desk.deed(
                    "/workers/{id}/resume", "Lets a worker that is drained take jobs again", JobSchemas.drained,
                    parameters: [worker]
                ) { visit in
                    try await drain(visit, isDrained: false) { try await $0.resume($1) }
                },
            ]
    }

    /// Pausing and resuming something, and how the address names it.
    private func pauses(
        _ path: String, _ whose: String, _ parameter: Parameter,
        _ scope: @escaping @Sendable (Visit) async throws -> PauseScope
    ) -> [Operation] {
        [
            desk.deed(
                path + "/pause", "Lets no jobs \(whose) begin",
                .object([.init("paused", .optional(JobSchemas.pause))]), parameters: [parameter]
            ) { visit in
                let person = try await desk.person(visit)
                let pause = try await person.pause(try await scope(visit))
                return Response(json: .object(["paused": pause?.json ?? .null]))
            },
            desk.deed(
                path + "/resume", "Lets the jobs \(whose) begin again", .object([.init("resumed", .boolean)]),
                parameters: [parameter]
            ) { visit in
                let person = try await desk.person(visit)
                let isDone = try await person.resume(try await scope(visit))
                return Response(json: .object(["resumed": .boolean(isDone)]))
            },
        ]
    }

    private func drain(
        _ visit: Visit, isDrained: Bool, _ deed: @Sendable (JobOperator, WorkerID) async throws -> Bool
    ) async throws -> Response {
        let person = try await desk.person(visit)
        let worker = try OpsDesk.worker(visit)
        // One that took jobs all along is as it should be.
        if try await !deed(person, worker) {
            guard try await desk.isThere(worker) else { throw Problem.notFound("worker") }
        }
        return Response(json: .object(["id": .string("\(worker)"), "draining": .boolean(isDrained)]))
    }
}

extension OpsDesk {
    /// The queue of the address, which has to be one: the pause of a misspelled name would hold nothing.
    ///
    /// - Throws: ``Problem`` 404; `DatabaseError`.
    public func queue(_ visit: Visit) async throws -> String {
        let name = try name(visit, of: "queue")
        let known = try await dependencies.pool.run { try QueueOverview.all(in: $0) }
        guard known.contains(where: { $0.queue == name }) else { throw Problem.notFound("queue") }
        return name
    }

    /// The kind of the address, of which somebody has to have heard.
    ///
    /// - Throws: ``Problem`` 404; `DatabaseError`.
    public func kind(_ visit: Visit) async throws -> String {
        let name = try name(visit, of: "kind of job")
        let known = try await dependencies.pool.query(Queue.isKnown(kind: name)).first
        guard try known?.value("is_known") == true else { throw Problem.notFound("kind of job") }
        return name
    }

    /// The worker of the address.
    ///
    /// - Throws: ``Problem`` 404 when it is no number as workers have them.
    public static func worker(_ visit: Visit) throws -> WorkerID {
        let text = visit.context.parameters.get("id") ?? ""
        guard let id = Int64(text, radix: 16).map(WorkerID.init(rawValue:)), "\(id)" == text else {
            throw Problem.notFound("worker")
        }
        return id
    }

    func isThere(_ worker: WorkerID) async throws -> Bool {
        try await dependencies.pool.query(Queue.workers()).contains {
            try QueueWorker(row: $0).id == worker.rawValue
        }
    }
}
