import Foundation
import StateMachines

/// Deals with partners that there are already, and those that were won long ago.
struct DemoDeals: Codable, Sendable {
    /// Upsells that were won in a month.
    struct Month: Codable, Sendable {
        /// The first of them, each a day after the one before.
        var at: String
        var count: Int
        var valueCents: Int64
    }

    var rep: String
    /// The partners that were sold more to, in turn.
    var inTurn: [String]
    var months: [Month]
    /// Deals of now, move by move.
    var moves: [DemoMove]

    /// Each deal's beginning and win.
    func steps(_ calendar: DemoCalendar) -> [DemoStep] {
        var steps = moves.map { DemoStep(at: $0.at, action: .move($0)) }
        var turn = 0
        for month in months {
            // Even thousands, the last takes the rest.
            let each = month.valueCents / Int64(month.count) / 100_000 * 100_000
            for index in 0..<month.count {
                let partner = inTurn[turn % inTurn.count]
                let value = index == month.count - 1 ? month.valueCents - each * Int64(index) : each
                let day = CalendarDay(month.at)?.adding(days: index).description ?? month.at
                let deal = "deal:\(partner):\(day)"
                turn += 1
                let create = DemoMove(
                    at: "\(day) 11:00", move: "deal.create", of: deal, by: "rep:\(rep)",
                    with: [
                        "partner": .string("@partner:\(partner)"), "kind": "upsell", "value_cents": .integer(value),
                        "expected_close_date": .string("=\(day)"),
                    ])
                let win = DemoMove(
                    at: "\(day) 16:00", move: "deal.win", of: deal, by: "rep:\(rep)",
                    with: ["won_reason": "More shelf space after a good quarter"])
                steps += [create, win].map { DemoStep(at: $0.at, action: .move($0)) }
            }
        }
        return steps
    }
}
