import Database
import Foundation
import StateMachines
import Testing

@testable import WebAPI

/// What people make of lists: their columns, their own views, and the list as a file.
@Suite struct ListToolTests {
    private static let admin = "/admin/command-center"
    private static let orders = "\(admin)/orders"

    @Test func `columns are chosen by the address, and what is no column is passed over`() async throws {
        try await Estate.with(isLoose: true, Planted.everything) { estate in
            let page = try await estate.page("\(Self.orders)?columns=terms,rep&columns=nonsense", as: "sue").text
            let head = try #require(page.firstMatch(of: /<thead.*?<\/thead>/.dotMatchesNewlines())).0
            #expect(head.contains("Terms") && head.contains("Rep") && !head.contains("Placed"))
            #expect(page.contains("NET30"))
            // The other links keep them.
            #expect(page.contains("columns=rep%2Cterms") || page.contains("columns=rep,terms"))
            let usual = try await estate.page("\(Self.orders)?columns=", as: "sue").text
            #expect(usual.contains(">Placed"))
        }
    }

    @Test func `the file has what the list shows: its filters, order and columns, and no formulas`() async throws {
        try await Estate.with(isLoose: true, Planted.everything) { estate in
            let all = try await estate.page(
                "\(Self.orders)/export.csv?sort=total_cents&columns=total,placed", as: "sue")
            #expect(all.status == 200 && all.headers["content-type"] == "text/csv; charset=utf-8")
            #expect(all.headers["content-disposition"]?.contains("orders-2026-03-02.csv") == true)
            #expect(
                all.text == "Number,Total,Placed\r\nORD-1,10.00,2026-03-01\r\nORD-2,20.00,2026-03-01\r\n", "\(all.text)"
            )
            let held = try await estate.page("\(Self.orders)/export.csv?is_held=true&columns=total", as: "sue")
            #expect(held.text == "Number,Total\r\nORD-1,10.00\r\n")
            let pay = try await estate.page(
                "\(Self.admin)/commissions/export.csv?status=pending&columns=amount,reason", as: "sue")
            #expect(pay.text.contains("-2.50,'=1+1"), "\(pay.text)")
            let applications = try await estate.page("\(Self.admin)/applications/export.csv?columns=rep", as: "sue")
            #expect(applications.text.contains("gamma") && !applications.text.contains("alpha"))
            #expect(try await estate.audited(by: "sue").filter { $0.hasSuffix(".export") }.count == 4)
            #expect(try await estate.page("\(Self.orders)/export.csv?status=gone", as: "sue").status == 422)
        }
    }

    @Test func `a long list comes whole, page after page`() async throws {
        let many: SQL = """
            INSERT INTO orders (id, order_number, type, partner_id, placed_on, total_cents, status, status_seq, status_since)
            SELECT md5('many' || n)::uuid, 'ORD-X' || n, 'B2B', id('alpha'), '2026-02-01', n, 'confirmed', 1, now()
            FROM generate_series(1, 450) n
            """
        try await Estate.with(isLoose: true, Planted.all + [many]) { estate in
            let file = try await estate.page("\(Self.orders)/export.csv?status=confirmed&columns=total", as: "sue").text
            let lines = file.split(separator: "\r\n").dropFirst()
            #expect(lines.count == 450 && Set(lines).count == 450)
        }
    }

    @Test func `a view is saved, shown to its owner alone, and forgotten`() async throws {
        try await Estate.with(isLoose: true, Planted.everything) { estate in
            let form = ["name": "My holds", "query": "columns=total&is_held=true"]
            let saved = try await estate.send(form: form, to: Self.orders + "/views", as: "sue")
            #expect(saved.status == 303 && saved.headers["location"] == "\(Self.orders)?columns=total&is_held=true")
            // The same name again is the same view.
            #expect(try await estate.send(form: form, to: Self.orders + "/views", as: "sue").status == 303)
            let page = try await estate.page(saved.headers["location"] ?? "", as: "sue").text
            #expect(page.components(separatedBy: "My holds</a>").count == 2)
            #expect(try await !estate.page(Self.orders, as: "ned").text.contains("My holds"))
            let unnamed = try await estate.send(
                form: ["name": " ", "query": ""], to: Self.orders + "/views", as: "sue")
            #expect(unnamed.status == 422 && unnamed.text.contains("A name of up to 60 characters is needed."))
            let own = try await estate.get("/api/v1/saved-views", as: "sue")["items"]?.list ?? []
            #expect(own.count == 1 && own[0]["list"]?.text == Self.orders)
            #expect(try await estate.get("/api/v1/saved-views", as: "ned")["items"]?.list?.isEmpty == true)
            let id = own.first?["id"]?.text ?? ""
            #expect(try await estate.send("DELETE", "/api/v1/saved-views/\(id)", as: "ned").status == 404)
            let gone = try await estate.send(form: ["query": ""], to: "\(Self.orders)/views/\(id)/remove", as: "sue")
            #expect(gone.status == 303 && gone.headers["location"] == Self.orders)
            #expect(try await estate.get("/api/v1/saved-views", as: "sue")["items"]?.list?.isEmpty == true)
        }
    }

    @Test func `nobody keeps more views of a list than a few`() async throws {
        try await Estate.with(isLoose: true, Planted.all) { estate in
            var answers: [Int] = []
            for number in 1...21 { answers.append(try await Self.save(number, in: estate)) }
            #expect(answers == Array(repeating: 201, count: 20) + [422])
            let again = try await Self.save(20, in: estate)
            #expect(again == 201)
        }
    }

    private static func save(_ number: Int, in estate: Estate) async throws -> Int {
        let body = JSONValue.object([
            "list": .string(orders), "name": .string("View \(number)"), "query": "",
        ])
        return try await estate.send("POST", "/api/v1/saved-views", as: "rita", body: body).status
    }

    @Test func `proposals, activities, tickets and integrations have their lists, and pages with what can be done`()
        async throws
    {
        try await Estate.with(isLoose: true, Planted.everything) { estate in
            let names = [
                "proposals": "Delta Deli", "activities": "Send samples", "tickets": "A dented carton",
                "integrations": "Alpha online",
            ]
            for (kind, name) in names {
                let list = try await estate.page("\(Self.admin)/\(kind)", as: "sue")
                #expect(list.status == 200 && list.text.contains(name), "\(kind)")
            }
            for (path, move) in [("activities/activity", "Log outcome"), ("integrations/integration", "Disconnect")] {
                let parts = path.split(separator: "/").map(String.init)
                let page = try await estate.page("\(Self.admin)/\(parts[0])/\(Estate.id(parts[1]))", as: "sue")
                #expect(page.status == 200 && page.text.contains(move), "\(path)")
            }
        }
    }
}
