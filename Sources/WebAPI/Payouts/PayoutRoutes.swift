import Accounts
import Foundation
import HTTPTypes
import Hummingbird
import StateMachines
import Workflows

/// `/api/v1/payout-runs`: what a payout would come to, and paying it.
struct PayoutRoutes {
    let dependencies: WebDependencies

    private static let path = "/api/v1/payout-runs"
    private static let month = Schema.text(7...7)
    private static let expected = Schema.object([
        .init("month", .text()),
        .init(
            "reps",
            .list(
                of: .object([
                    .init("sales_rep_id", .id), .init("name", .text()), .init("commissions", .integer()),
                    .init("commissions_cents", .cents), .init("carried_in_cents", .cents),
                    .init("amount_cents", .cents), .init("carried_forward_cents", .cents),
                ]), most: 10_000)),
    ])
    private static let paid = Schema.object([
        .init("month", .text()),
        .init(
            "payouts",
            .list(
                of: .object([
                    .init("sales_rep_id", .id), .init("amount_cents", .cents), .init("carried_forward_cents", .cents),
                ]), most: 10_000)),
    ])

    var operations: [Operation] {
        let access = Access.signedIn([.admin], needs: .runPayouts)
        return [
            Operation(
                .get, Self.path, "Shows what a payout would come to at present, for each rep", tag: "Pay",
                access: access, scope: .rows(of: .payouts),
                parameters: [Parameter(.query, "month", Self.month, "Its month, `2026-05`; usually the last one.")],
                answers: [.json(.named("ExpectedPayout", Self.expected))]
            ) { visit in
                let desk = PayoutDesk(dependencies)
                let month = try desk.month(try visit.query()["month"])
                let lines = try await desk.expected(in: month, visit).lines
                return Response(
                    json: .object(["month": .string(month.text), "reps": .array(lines.map(\.json))]))
            },
            Operation(
                .post, Self.path,
                "Pays what is approved, and closes the payout of each rep; done again, it pays nothing",
                tag: "Pay", access: access, scope: .rows(of: .payouts),
                body: .object([.init("month", Self.month, isRequired: false)]),
                answers: [.json(.named("PayoutRun", Self.paid), "The payouts of the month.")]
            ) { visit in
                let desk = PayoutDesk(dependencies)
                guard case .object(let body) = try await visit.body() else { throw Problem.objectWanted }
                let text: String? = if case .string(let text)? = body["month"] { text } else { nil }
                let month = try desk.month(text)
                let results = try await desk.run(month, visit)
                return Response(
                    json: .object(["month": .string(month.text), "payouts": .array(results.map(\.json))]))
            },
        ]
    }
}

extension PayoutRun.Expectation {
    fileprivate var json: JSONValue {
        .object([
            "sales_rep_id": .id(rep), "name": .string(name), "commissions": .count(rows),
            "commissions_cents": .integer(rowsCents), "carried_in_cents": .integer(carriedInCents),
            "amount_cents": .integer(sum.amountCents), "carried_forward_cents": .integer(sum.carriedForwardCents),
        ])
    }
}

extension PayoutRun.Result {
    fileprivate var json: JSONValue {
        .object([
            "sales_rep_id": .id(rep), "amount_cents": .integer(amountCents),
            "carried_forward_cents": .integer(carriedForwardCents),
        ])
    }
}
