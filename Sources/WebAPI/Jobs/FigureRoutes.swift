import Accounts
import Foundation
import HTTPTypes
import Hummingbird
import Jobs
import StateMachines

/// How much each queue and kind takes in and gives out (O-01, O-21).
struct FigureRoutes {
    let desk: OpsDesk

    private static let longest = 1_500
    private static let slice = Schema.object([
        .init("at", .moment), .init("enqueued", .integer()), .init("succeeded", .integer()),
        .init("cancelled", .integer()), .init("failed", .integer()),
    ])
    private static let figures = Schema.named(
        "Throughput",
        .object([
            .init("name", .text()), .init("in_per_minute", .number), .init("out_per_minute", .number),
            .init("error_rate", .optional(.number)), .init("p50_ms", .optional(.number)),
            .init("p95_ms", .optional(.number)), .init("slices", .list(of: slice, most: longest)),
        ]))

    var operations: [Operation] {
        [
            desk.look(
                "/throughput", "How much each queue, or each kind of one, took in and gave out",
                .object([.init("items", .list(of: Self.figures))]),
                parameters: [
                    Parameter(.query, "queue", .text(1...100), "Each kind of this queue, instead of each queue."),
                    Parameter(
                        .query, "span", .choice(QueueThroughput.Span.allCases.map(\.rawValue)),
                        "By the minute, which is usual, or by the hour."),
                    Parameter(.query, "last", .integer(1...Int64(Self.longest)), "How many of them; usually 60."),
                ], handler: show)
        ]
    }

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        let query = try visit.query()
        let span = query["span"].flatMap(QueueThroughput.Span.init) ?? .minute
        let count = query["last"].flatMap { Int($0) } ?? 60
        let cut = query["queue"].map(QueueThroughput.Cut.kinds) ?? .queues
        let found = try await desk.read(visit) { try QueueThroughput.read(cut, by: span, last: count, in: $1) }
        return Response(json: .object(["items": .array(found.map(\.json))]))
    }
}

extension QueueThroughput {
    fileprivate var json: JSONValue {
        .object([
            "name": .string(name), "in_per_minute": .number(enqueuedPerMinute),
            "out_per_minute": .number(endedPerMinute),
            "error_rate": errorRate.map { .number($0) } ?? .null, "p50_ms": milliseconds(0.5),
            "p95_ms": milliseconds(0.95),
            "slices": .array(
                slices.map { slice in
                    .object([
                        "at": .moment(slice.at), "enqueued": .count(slice.enqueued),
                        "succeeded": .count(slice.succeeded),
                        "cancelled": .count(slice.cancelled), "failed": .count(slice.failed),
                    ])
                }),
        ])
    }

    private func milliseconds(_ share: Double) -> JSONValue {
        runTime(share).map { .number($0 / .milliseconds(1)) } ?? .null
    }
}
