import Accounts
import Documents
import Foundation
import HTTPTypes
import Hummingbird
import StateMachines
import WebAPI
import Workflows

/// What a payout would come to, before it is run (A-12).
struct PayoutRunPage: Page {
    static let template = "payout-run"

    let month: EarningPeriod
    /// The months that can be chosen, the newest first.
    let months: [EarningPeriod]
    let lines: [PayoutRun.Expectation]
    let refused: String?
    let time: CompanyTime

    var title: String { "Run a payout" }

    var values: PageValues {
        let total = lines.reduce(0) { $0 + $1.sum.amountCents }
        return [
            "run_href": .text(PayoutPages.path), "list_href": .text(RecordKind.payouts.root),
            "month": .text(month.text), "month_title": .text(Self.title(of: month)), "refused": .optional(refused),
            "months": .list(
                months.map { one in
                    [
                        "choice": .text(one.text), "choice_label": .text(Self.title(of: one)),
                        "is_selected": .flag(one == month),
                    ]
                }),
            "lines": .list(lines.map(Self.values)), "has_lines": .flag(!lines.isEmpty),
            "total": .text(MoneyText.dollars(total)),
            "rep_count": .text("\(lines.count) \(lines.count == 1 ? "rep" : "reps")"),
            "commissions_href": .text(RecordKind.commissions.root + "?status=approved"),
        ]
    }

    private static func values(_ line: PayoutRun.Expectation) -> PageValues {
        [
            "rep": .text(line.name), "row_count": .text(Words.counted(line.rows)),
            "rows_href": .text(
                "\(RecordKind.commissions.root)?sales_rep_id=\(line.rep.uuidString.lowercased())&status=approved"),
            "rows_amount": .text(MoneyText.dollars(line.rowsCents)),
            "carried_in": .text(MoneyText.dollars(line.carriedInCents)),
            "amount": .text(MoneyText.dollars(line.sum.amountCents)),
            "carried_forward": .text(MoneyText.dollars(line.sum.carriedForwardCents)),
        ]
    }

    /// `November 2026`.
    static func title(of month: EarningPeriod) -> String {
        let names = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December",
        ]
        return "\(names[month.start.parts.month - 1]) \(month.start.parts.year)"
    }
}

/// `/admin/command-center/payout-run`.
struct PayoutPages: Sendable {
    let pages: PortalPages

    static let path = Portal.home(of: .admin) + "/payout-run"
    /// How many months can be chosen.
    private static let choice = 6

    private var desk: PayoutDesk { PayoutDesk(pages.dependencies) }

    var routes: [PageRoute] {
        [
            .get(
                Self.path, "What a payout would come to", for: [.admin], needs: .runPayouts, rows: .rows(of: .payouts)
            ) { visit in
                try await show(visit, try desk.month(visit.request.uri.queryParameters.get("month")))
            },
            .post(
                Self.path, "Runs a payout", for: [.admin], needs: .runPayouts, rows: .rows(of: .payouts), handler: run),
        ]
    }

    private func show(_ visit: Visit, _ month: EarningPeriod, refused: String? = nil) async throws -> Response {
        let (visitor, lines) = try await desk.expected(in: month, visit)
        let months = (0..<Self.choice).reduce(into: [EarningPeriod]()) { months, _ in
            months.append(
                months.last.map { EarningPeriod(monthOf: $0.start.adding(days: -1)) } ?? desk.usual)
        }
        let page = PayoutRunPage(month: month, months: months, lines: lines, refused: refused, time: pages.time)
        return try pages.show(page, to: visitor, visit, status: refused == nil ? .ok : .conflict)
    }

    @Sendable private func run(_ visit: Visit) async throws -> Response {
        // Whoever may not come in hears that before anything of what they sent.
        _ = try await visit.visitor()
        guard visit.request.isFromOwnPage else { throw Problem.foreignOrigin }
        let form = try Form(try await visit.request.formBytes())
        let month = try desk.month(form["month"])
        let (_, lines) = try await desk.expected(in: month, visit)
        // What was shown is what is agreed to.
        guard form["total"] == MoneyText.dollars(lines.reduce(0) { $0 + $1.sum.amountCents }) else {
            return try await show(
                visit, month, refused: "It comes to something else by now. Nothing was paid; look again, then run it.")
        }
        _ = try await desk.run(month, visit)
        return Response(
            status: .seeOther,
            headers: [.location: "\(RecordKind.payouts.root)?period_from=\(month.start)&done=payout"])
    }
}
