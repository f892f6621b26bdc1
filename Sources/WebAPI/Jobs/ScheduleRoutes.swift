import Accounts
import Database
import Foundation
import HTTPTypes
import Hummingbird
import Jobs
import StateMachines

/// Schedules, and the processes that work, for whoever keeps the works running.
struct ScheduleRoutes {
    let desk: OpsDesk
    private var dependencies: WebDependencies { desk.dependencies }

    var operations: [Operation] {
        let schedule = Parameter(.path, "name", .text(1...200), "The schedule's name.", isRequired: true)
        return [
            desk.look(
                "/workers", "The processes that work, and what each works on",
                .object([.init("items", .list(of: JobSchemas.worker))]), handler: workers),
            desk.look(
                "/schedules", "What is enqueued by the clock, the next first",
                .object([.init("items", .list(of: JobSchemas.schedule))]), handler: schedules),
            desk.deed(
                "/schedules/{name}/pause", "Holds a schedule", JobSchemas.heldSchedule, parameters: [schedule]
            ) { visit in
                try await hold(visit, isHeld: true) { try await $0.pauseSchedule($1) }
            },
            desk.deed(
                "/schedules/{name}/resume", "Lets a schedule fire again", JobSchemas.heldSchedule,
                parameters: [schedule], problems: [409]
            ) { visit in
                try await hold(visit, isHeld: false) { try await $0.resumeSchedule($1) }
            },
            desk.deed(
                "/schedules/{name}/run-now", "Asks for a schedule's job besides those of its moments",
                JobSchemas.placed, parameters: [schedule], problems: [409], handler: run),
        ]
    }

    @Sendable private func workers(_ visit: Visit) async throws -> Response {
        _ = try visit.query()
        let rows = try await desk.read(visit) { try $1.query(Queue.workers()) }
        return Response(json: .object(["items": .array(try rows.map { try QueueWorker(row: $0).json })]))
    }

    @Sendable private func schedules(_ visit: Visit) async throws -> Response {
        _ = try visit.query()
        let schedules = try await desk.read(visit) { try ScheduleStanding.all(in: $1) }
        return Response(json: .object(["items": .array(schedules.map(\.json))]))
    }

    private func hold(
        _ visit: Visit, isHeld: Bool, _ deed: @Sendable (JobOperator, String) async throws -> Bool
    ) async throws -> Response {
        let person = try await desk.person(visit)
        let name = try desk.name(visit, of: "schedule")
        guard try await deed(person, name) else { throw Problem.notFound("schedule") }
        return Response(json: .object(["name": .string(name), "paused": .boolean(isHeld)]))
    }

    @Sendable private func run(_ visit: Visit) async throws -> Response {
        let person = try await desk.person(visit)
        guard let placed = try await person.runSchedule(try desk.name(visit, of: "schedule")) else {
            throw Problem.notFound("schedule")
        }
        return Response(
            json: .object(["job": .string(placed.jobID.description), "is_created": .boolean(placed.isCreated)]))
    }
}
