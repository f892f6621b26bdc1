import Accounts
import Foundation
import HTTPTypes
import Hummingbird
import StateMachines

/// `GET /api/v1/today`: the figures of the first page of the visitor's portal.
struct TodayRoutes {
    let dependencies: WebDependencies

    private static let figure = Schema.object([
        .init("name", .text()), .init("resource", .text()), .init("query", .entries(of: .text())),
        .init("count", .integer()), .init("cents", .optional(.cents)),
    ])
    private static let day = Schema.object([
        .init("day", .day), .init("orders", .integer()), .init("cents", .cents),
    ])
    private static let schema = Schema.named(
        "Today",
        .object([.init("figures", .list(of: figure, most: 100)), .init("days", .list(of: day, most: 100))]))

    var operations: [Operation] {
        let desk = RecordDesk(dependencies)
        return [
            Operation(
                .get, "/api/v1/today",
                "The figures of the day: how many records of a kind there are, and what they come to", tag: "Company",
                access: .signedIn(), scope: .none("it counts what the visitor sees"),
                answers: [.json(Self.schema, "Each figure with the query that its list takes.")]
            ) { visit in
                _ = try visit.query()
                let today = try await desk.today(visit)
                let figures = today.figures.map { tally, standing -> JSONValue in
                    .object([
                        "name": .string(tally.name), "resource": .string(tally.resource),
                        "query": .object(tally.query.mapValues(JSONValue.string)), "count": .count(standing.count),
                        "cents": standing.cents.map(JSONValue.integer) ?? .null,
                    ])
                }
                let days = today.days.map { day -> JSONValue in
                    .object([
                        "day": .string(day.day.description), "orders": .count(day.count), "cents": .integer(day.cents),
                    ])
                }
                return Response(json: .object(["figures": .array(figures), "days": .array(days)]))
            }
        ]
    }
}
