import Accounts
import Foundation
import StateMachines
import WebAPI

extension RecordKind {
    /// What reps were paid, each with its statement.
    static let payouts = RecordKind(
        resource: "payouts", machine: nil, noun: "payout", title: "Payouts", name: Shown("Period", .made(period)),
        about: "What reps were paid, and their statements", icon: "archive", group: "People", sort: "-period",
        filters: [
            Filter(field: "sales_rep_id", label: "Sales rep", source: .reps),
            Filter(field: "status", label: "State", choices: ["draft", "paid"]),
        ],
        columns: [
            Shown("Rep", "sales_rep_name"), Shown("State", .badges(state)), Shown("Pay on", "pay_on", .day),
            Shown("Carried in", "carried_in_cents", .money), Shown("Carried forward", "carried_forward_cents", .money),
            Shown("Amount", "amount_cents", .money, sort: true),
        ],
        marks: { record, _ in state(record) }, subtitle: Shown("Rep", "sales_rep_name"),
        sum: Sum(
            title: "Amount", total: Shown("Amount", "amount_cents", .money), totalLabel: "Paid",
            amounts: [
                Amount(label: "Carried in from the payout before", field: "carried_in_cents", isAlways: true),
                Amount(label: "Carried forward to the next", field: "carried_forward_cents", isAlways: true),
            ]),
        facts: [
            Shown("Rep", "sales_rep_name"), Shown("Pay on", "pay_on", .day), Shown("Closed", "paid_at", .moment),
        ],
        tables: [
            Table(
                title: "Commissions", related: .init("commissions", by: "payout_id", limit: 50), leadsTo: "commissions",
                empty: "It has no commissions.",
                columns: [
                    Shown("Earned on", .made { record, _ in record.text("reference_name") ?? record.text("reason") }),
                    Shown("Type", "type", .word), Shown("Base", "base_value_cents", .money),
                    Shown("Rate", "rate_bp", .share), Shown("Amount", "amount_cents", .money),
                ]),
            Table(
                title: "Statement", related: .init("files", by: "record_id"),
                empty: "The statement is not made yet. Its job does it soon after the payout.",
                columns: [Shown("File", "name"), Shown("Made", "created_at", .moment)]),
        ],
        errand: run, hearsToo: ["commission"], empty: "The first is made when approved commissions are paid.")

    /// Running a payout.
    static let run = Errand(label: "Run a payout", path: PayoutPages.path, needs: .runPayouts)

    @Sendable private static func period(_ record: StoredRecord, _ looks: Looks) -> String? {
        record.day("period").map { String(looks.time.text($0).prefix(3)) + " \($0.parts.year)" }
    }

    @Sendable private static func state(_ record: StoredRecord) -> [Badge] {
        record.text("status") == "paid" ? [Badge("Paid", .success)] : [Badge("Not closed", .warning)]
    }
}
