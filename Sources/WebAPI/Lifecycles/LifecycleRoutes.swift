import Accounts
import Foundation
import Hummingbird
import StateMachines

/// The machines and how they stand, as JSON (O-17, O-18).
struct LifecycleRoutes {
    let reader: LifecycleReader

    init(_ dependencies: WebDependencies) { reader = LifecycleReader(dependencies) }

    private static let machine = Parameter(
        .path, "machine", .text(1...64), "The machine's name.", isRequired: true, example: "order")

    var operations: [Operation] {
        [
            look("", "The lifecycles, with their records by state", Self.all, handler: all),
            look(
                "/{machine}", "How a lifecycle stands, and what has moved in 24 hours", Self.one,
                parameters: [Self.machine], handler: one),
            look(
                "/{machine}/records", "The records in a state, longest first", Self.records,
                parameters: [
                    Self.machine,
                    Parameter(.query, "state", .text(1...64), "The state.", isRequired: true, example: "pending"),
                    Parameter(.query, "after", .text(1...200), "`next` of the page before."),
                ], handler: records),
        ]
    }

    private func look(
        _ path: String, _ summary: String, _ answer: Schema, parameters: [Parameter] = [],
        handler: @escaping Operation.Handler
    ) -> Operation {
        Operation(
            .get, "/api/v1/lifecycles" + path, summary, tag: "Lifecycles",
            access: .signedIn([.admin], needs: .readOps), scope: .none("counts and names of what every admin sees"),
            parameters: parameters, answers: [.json(answer)], problems: parameters.isEmpty ? [] : [404],
            handler: handler)
    }

    private static let all = Schema.object([
        .init(
            "lifecycles",
            .list(
                of: .object([
                    .init("machine", .text()), .init("title", .text()), .init("version", .integer()),
                    .init("records", .entries(of: .integer())), .init("attention", .integer()),
                    .init("moves", .integer()), .init("refusals", .integer()),
                ])))
    ])
    private static let one = Schema.object([
        .init("machine", .text()), .init("title", .text()), .init("version", .integer()),
        .init("states", .list(of: StateFigures.schema)), .init("moves", .list(of: MoveTraffic.schema)),
        .init("refusals", .list(of: RefusedTraffic.schema)),
    ])
    private static let records = Schema.object([
        .init("items", .list(of: StandingRecord.schema)), .init("next", .optional(.text())),
    ])

    @Sendable private func all(_ visit: Visit) async throws -> Response {
        _ = try visit.query()
        let lifecycles = try await reader.all(visit).lifecycles.map { one in
            JSONValue.object([
                "machine": .string(one.machine.name.text), "title": .string(one.machine.title),
                "version": .count(one.machine.version), "records": .object(one.records.mapValues(JSONValue.count)),
                "attention": .count(one.attention), "moves": .count(one.moves), "refusals": .count(one.refusals),
            ])
        }
        return Response(json: .object(["lifecycles": .array(lifecycles)]))
    }

    @Sendable private func one(_ visit: Visit) async throws -> Response {
        _ = try visit.query()
        let figures = try await reader.one(visit.context.parameters.get("machine"), visit).figures
        return Response(
            json: .object([
                "machine": .string(figures.machine.name.text), "title": .string(figures.machine.title),
                "version": .count(figures.machine.version), "states": .array(figures.states.map(\.json)),
                "moves": .array(figures.traffic.map(\.json)), "refusals": .array(figures.refused.map(\.json)),
            ]))
    }

    @Sendable private func records(_ visit: Visit) async throws -> Response {
        let query = try visit.query()
        let figures = try await reader.one(visit.context.parameters.get("machine"), visit).figures
        guard let state = query["state"], figures.machine.state(named: state) != nil else {
            throw Problem.notFound("state")
        }
        let page = try await reader.records(
            of: figures.machine, in: figures.figures(of: state), after: query["after"], visit)
        return Response(
            json: .object(["items": .array(page.items.map(\.json)), "next": .text(page.next)]))
    }
}
