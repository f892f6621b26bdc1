import Database
import Foundation
import StateMachines
import Testing

@testable import WebAPI

/// The pages of records: what is shown to whom, what can be done there, and what is told when it cannot.
@Suite struct RecordPagesTests {
    private static let admin = "/admin/command-center"
    private static let order = "\(admin)/orders/\(Estate.id("order"))"

    @Test func `a list names people and partners, and what holds an order`() async throws {
        try await Estate.with(Planted.all) { estate in
            let page = try await estate.page("\(Self.admin)/orders", as: "sue")
            #expect(page.status == 200)
            for text in ["ORD-1", "alpha", "Rita D", "Held: credit", "$10.00", "In production", "Mar 1, 2026"] {
                #expect(page.text.contains(text), "\(text)")
            }
            #expect(page.text.contains("href=\"\(Self.admin)/partners/\(Estate.id("alpha"))\""))
        }
    }

    @Test func `a list is narrowed, sorted and paged by its address`() async throws {
        try await Estate.with(Planted.all) { estate in
            let held = try await estate.page("\(Self.admin)/orders?is_held=true&q=&type=", as: "sue").text
            #expect(held.contains("ORD-1<") && !held.contains("ORD-2<"))
            let found = try await estate.page("\(Self.admin)/orders?q=ord-2", as: "sue").text
            #expect(found.contains("ORD-2<") && !found.contains("ORD-1<"))
            let first = try await estate.page("\(Self.admin)/orders?limit=1&sort=-total_cents", as: "sue").text
            #expect(first.contains("ORD-2<") && !first.contains("ORD-1<"))
            let link = try #require(first.firstMatch(of: /href="([^"]*cursor=[^"]*)"/))
            let next = String(link.1).replacing("&amp;", with: "&")
            let second = try await estate.page(next, as: "sue").text
            #expect(second.contains("ORD-1<") && !second.contains("ORD-2<") && second.contains("First page"))
            #expect(try await estate.page("\(Self.admin)/orders?cursor=none", as: "sue").status == 422)
            #expect(try await estate.page("\(Self.admin)/orders?status=gone", as: "sue").status == 422)
        }
    }

    @Test func `a move that is blocked says why, and which other one would make it possible`() async throws {
        try await Estate.with(Planted.all) { estate in
            let page = try await estate.page(Self.order, as: "sue").text
            #expect(page.contains("Confirm: not possible now"))
            #expect(page.contains("href=\"#move-release_hold\">Release hold</a> would make it possible."))
            #expect(!page.contains("name=\"move\" value=\"confirm\""))
            // What is for others to do is not this visitor's affair.
            #expect(!page.contains("Cancel my order"))
        }
    }

    @Test func `a refused move changes nothing, and its reason stands at the field`() async throws {
        try await Estate.with(Planted.all) { estate in
            let refused = try await estate.press(Self.order, "release_hold", ["input.hold": "credit_limit"], as: "sue")
            #expect(refused.status == 422)
            #expect(refused.text.contains("Reason is missing.") && refused.text.contains("Nothing was changed."))
            #expect(refused.text.contains("id=\"release_hold-reason-fault\""))
            #expect(refused.text.contains("<option value=\"credit_limit\" selected>"))
            #expect(try await estate.history("order", "order") == 0)
        }
    }

    @Test func `an order goes its way by its page, and a second press is the same command`() async throws {
        try await Estate.with(Planted.all) { estate in
            let path = "\(Self.admin)/orders/\(Estate.id("second order"))"
            let form = try await estate.form(path, "finish_production")
            let done = try await estate.send(form: form, to: path + "/moves", as: "sue")
            #expect(done.status == 303 && done.headers["location"] == path + "?done=finish_production")
            #expect(try await estate.send(form: form, to: path + "/moves", as: "sue").status == 303)
            #expect(try await estate.history("order", "second order") == 1)
            let page = try await estate.page(path, as: "sue").text
            #expect(page.contains("Quality check") && page.contains("Sue A, admin"))
        }
    }

    @Test func `who comes too late is told what has happened meanwhile`() async throws {
        try await Estate.with(Planted.all) { estate in
            let path = "\(Self.admin)/orders/\(Estate.id("second order"))"
            let late = try await estate.form(path, "stop").merging(["input.reason": "No stock"]) { $1 }
            _ = try await estate.press(path, "finish_production", [:], as: "sue")
            let refused = try await estate.send(form: late, to: path + "/moves", as: "sue")
            #expect(refused.status == 409)
            #expect(refused.text.contains("Since you opened the page:"))
            #expect(refused.text.contains("<strong>Production finished</strong>"))
            #expect(refused.text.contains("value=\"No stock\""))
        }
    }

    @Test func `many are approved at once, and one's own is left out and says why`() async throws {
        try await Estate.with(Planted.all) { estate in
            let list = "\(Self.admin)/commissions"
            let page = try await estate.page(list, as: "sue").text
            #expect(page.contains("may not do this; ask somebody else"))
            let ids = ["commission", "second commission", "own commission"].map { Estate.id($0) }
            let form = try estate.bulk(page, "approve", ids)
            let answer = try await estate.send(form: form, to: list + "/bulk", as: "sue")
            #expect(answer.text.contains("Approve: done for 2, left out 1."))
            #expect(try await estate.states("commissions") == ["approved", "approved", "pending"])
            // The same form again is the same command.
            let again = try await estate.send(form: form, to: list + "/bulk", as: "sue")
            #expect(again.text.contains("done for 2, left out 1."))
            let none = try await estate.send(form: try estate.bulk(page, "approve", []), to: list + "/bulk", as: "sue")
            #expect(none.status == 409 && none.text.contains("Nothing was picked."))
            let empty = try await estate.send(
                form: try estate.bulk(page, "reverse", ids), to: list + "/bulk", as: "sue")
            #expect(empty.text.contains("Reason is missing.") && empty.text.contains("Nothing was changed."))
        }
    }

    @Test func `without the permission nothing is offered, and asking for it all the same is refused`() async throws {
        try await Estate.with(Planted.all) { estate in
            let list = "\(Self.admin)/commissions"
            let own = try await estate.page(list, as: "sue").text
            let page = try await estate.page(list, as: "ned").text
            #expect(!page.contains("id=\"bulk\"") && page.contains("commissions.approve"))
            let answer = try await estate.send(
                form: try estate.bulk(own, "approve", [Estate.id("commission")]), to: list + "/bulk", as: "ned")
            #expect(answer.text.contains("left out 1.") && answer.text.contains("commissions.approve"))
            #expect(try await estate.states("commissions") == ["pending", "pending", "pending"])
        }
    }

    @Test func `an application is approved from the list with its terms, and is gone from it`() async throws {
        try await Estate.with(Planted.all) { estate in
            let (list, record) = ("\(Self.admin)/applications", "\(Self.admin)/partners/\(Estate.id("gamma"))")
            let page = try await estate.page(list, as: "sue").text
            #expect(page.contains("gamma") && !page.contains(">alpha<"))
            let form = try estate.form(in: page, "approve").merging([
                "input.tier": "growth", "input.payment_terms": "NET30", "input.credit_limit": "5,000.00",
            ]) { $1 }
            let done = try await estate.send(form: form, to: record + "/moves", as: "sue")
            #expect(done.status == 303 && done.headers["location"] == list + "?done=approve", "\(done.text)")
            let after = try await estate.page(list + "?done=approve", as: "sue").text
            #expect(after.contains("Done: Approve partner.") && after.contains("Nobody waits"))
            #expect(try await estate.page(record, as: "sue").text.contains("$5,000.00"))
        }
    }

    @Test func `fields are edited on the page, and not over somebody else's change`() async throws {
        try await Estate.with(Planted.all) { estate in
            let path = "\(Self.admin)/partners/\(Estate.id("alpha"))"
            let page = try await estate.page(path, as: "sue").text
            let version = String(try #require(page.firstMatch(of: /name="version" value="([0-9]+)"/)).1)
            let form = ["version": version, "input.sales_rep_id": Estate.id("rob"), "input.account_manager_id": ""]
            #expect(try await estate.send(form: form, to: path + "/fields", as: "sue").status == 303)
            #expect(try await estate.page(path, as: "sue").text.contains("Rob E"))
            let late = try await estate.send(form: form, to: path + "/fields", as: "sue")
            #expect(late.status == 412 && late.text.contains("It was not saved. Nothing was changed."))
            #expect(try await estate.send(form: form, to: path + "/fields", as: "ned").status == 403)
        }
    }

    @Test func `strangers find no record of others, and no page of another portal`() async throws {
        try await Estate.with(Planted.all) { estate in
            let order = "/partner/orders/\(Estate.id("order"))"
            #expect(try await estate.page(order, as: "al").status == 200)
            #expect(try await estate.page(order, as: "cy").status == 404)
            #expect(try await estate.page("/partner/orders", as: "cy").text.contains("No orders yet"))
            #expect(try await estate.page("/sales/leads/\(Estate.id("lead"))", as: "rita").status == 200)
            #expect(try await estate.page("/sales/leads/\(Estate.id("lead"))", as: "rob").status == 404)
            #expect(try await estate.page(Self.order, as: "rita").status == 403)
            #expect(try await estate.page(order, as: "sue").status == 403)
            let moved = try await estate.send(
                form: ["move": "withdraw", "command": UUID().uuidString, "seq": "1"], to: order + "/moves", as: "cy")
            #expect(moved.status == 404)
            #expect(try await estate.history("order", "order") == 0)
        }
    }

    @Test func `a partner sees neither jobs and mails nor what changed in the company's books`() async throws {
        try await Estate.with(Planted.all) { estate in
            let page = try await estate.page("/partner/orders/\(Estate.id("order"))", as: "al").text
            for hidden in ["Jobs</h2>", "Mails</h2>", "Rita D", "Release hold"] {
                #expect(!page.contains(hidden), "\(hidden)")
            }
            #expect(page.contains("Held: credit") && page.contains("name=\"move\" value=\"withdraw\""))
        }
    }

    @Test func `the figures of the day are what their lists count`() async throws {
        try await Estate.with(Planted.all) { estate in
            let today = try await estate.get("/api/v1/today", as: "sue")
            let figures = today["figures"]?.list ?? []
            #expect(figures.count >= 10)
            for figure in figures {
                guard let resource = figure["resource"]?.text, case .object(let query)? = figure["query"] else {
                    continue
                }
                let asked = query.compactMap { name, value in value.text.map { "\(name)=\($0)" } }.joined(
                    separator: "&")
                let list = try await estate.get("/api/v1/\(resource)?\(asked)&limit=200", as: "sue")
                #expect(list["items"]?.list?.count == figure["count"]?.integer.map(Int.init), "\(figure)")
            }
            let home = try await estate.page(Self.admin, as: "sue").text
            #expect(home.contains("href=\"\(Self.admin)/orders?is_held=true\">Orders on hold</a>"))
            let waiting = try await estate.page("\(Self.admin)/approvals", as: "sue").text
            for text in ["gamma", "ORD-1", "Commissions"] { #expect(waiting.contains(text), "\(text)") }
        }
    }
}
