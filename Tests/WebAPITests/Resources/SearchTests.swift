import Accounts
import Database
import Foundation
import HTTPTypes
import StateMachines
import Testing

@testable import WebAPI

/// Looking for orders by a part of their numbers.
@Suite struct SearchTests {
    /// Orders of alpha, whose rep is rita, and of beta, whose rep is rob.
    private static let orders: [SQL] = [
        """
        INSERT INTO orders (id, order_number, po_number, partner_id, sales_rep_id, status, status_seq, status_since, type,
            is_sample)
        SELECT id('order ' || number), number, po, id(partner), id(rep), 'delivered', 1, now(), 'B2B', false
        FROM (VALUES ('ORD-10234', 'PO/7_a%1', 'alpha', 'rita'), ('ORD-10235', NULL, 'alpha', 'rita'),
            ('ORD-20234', 'Blue-77', 'beta', 'rob'), ('ORD-30234', 'blue-78', 'beta', 'rob'),
            ('ORD-40234', 'BLUE-79', 'beta', 'rob')) AS v (number, po, partner, rep)
        """
    ]

    private func numbers(
        _ term: String, as name: String, _ estate: Estate, _ more: String = ""
    ) async throws -> [String] {
        let asked = term.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let answer = try await estate.get("/api/v1/orders?sort=-total_cents&q=\(asked)\(more)", as: name)
        #expect(answer.status == 200, "\(answer.raw.text)")
        return (answer["items"]?.list ?? []).compactMap { $0["order_number"]?.text }.sorted()
    }

    @Test(arguments: [
        ("234", ["ORD-10234", "ORD-20234", "ORD-30234", "ORD-40234"]), ("rd-102", ["ORD-10234", "ORD-10235"]),
        ("blue", ["ORD-20234", "ORD-30234", "ORD-40234"]), ("BLUE-78", ["ORD-30234"]), ("po/7_a%", ["ORD-10234"]),
        // What stands for anything in SQL stands for itself here.
        ("2_4", []), ("2%4", []), ("_", []), ("%", []), ("\\", []), ("---", []),
        // One or two letters begin a number.
        ("or", ["ORD-10234", "ORD-10235", "ORD-20234", "ORD-30234", "ORD-40234"]),
        ("p", ["ORD-10234"]), ("rd", []), ("34", []), ("xyz", []),
    ])
    func `a part of a number finds the orders that have it`(term: String, found: [String]) async throws {
        try await Estate.with(isLoose: true, Self.orders) { estate async throws in
            let all = try await numbers(term, as: "sue", estate)
            #expect(all == found, "\(term)")
        }
    }

    @Test func `nobody finds what is not theirs, and filters, order and cursor go on as ever`() async throws {
        try await Estate.with(isLoose: true, Self.orders) { estate async throws in
            for (name, found) in [
                ("al", ["ORD-10234"]), ("rita", ["ORD-10234"]), ("max", ["ORD-10234"]),
                ("cy", ["ORD-20234", "ORD-30234", "ORD-40234"]), ("rob", ["ORD-20234", "ORD-30234", "ORD-40234"]),
            ] {
                let own = try await numbers("234", as: name, estate)
                #expect(own == found, "\(name)")
            }
            #expect(try await numbers("blue", as: "al", estate).isEmpty)
            #expect(try await numbers("234", as: "sue", estate, "&partner_id=\(Estate.id("alpha"))") == ["ORD-10234"])
            var path = "/api/v1/orders?q=234&limit=1"
            var walked: [String] = []
            while walked.count < 10 {
                let page = try await estate.get(path, as: "cy")
                walked += (page["items"]?.list ?? []).compactMap { $0["id"]?.text }
                guard let cursor = page["next_cursor"]?.text else { break }
                path = "/api/v1/orders?q=234&limit=1&cursor=\(cursor)"
            }
            #expect(walked.count == 3 && walked == walked.sorted(by: >))
        }
    }

    @Test func `others' orders take no place of one's own among those that are found ahead`() async throws {
        try await Estate.with(isLoose: true, Self.orders) { estate async throws in
            func found(_ kind: Visitor.Kind, _ name: String, most: Int32) async throws -> Int? {
                try await estate.pool.transaction { session in
                    let become: SQL = """
                        SELECT id FROM visitor.become(\(kind.rawValue), id(\(name)::text), '{}'::text[], '{}'::text[])
                        """
                    let ids: SQL = "SELECT cardinality(visitor.find_orders(search_pattern('234'), \(most))) AS n"
                    let results = try session.pipeline([become, Credential.asVisitor, ids])
                    return try results[2].rows.first?.optional("n", as: Int32.self).map { Int($0) }
                }
            }
            #expect(try await found(.partnerUser, "al", most: 1) == 1)
            #expect(try await found(.salesRep, "rita", most: 1) == 1)
            #expect(try await found(.partnerUser, "cy", most: 3) == 3)
            // More than are worth it: the list is walked instead.
            #expect(try await found(.partnerUser, "cy", most: 2) == nil)
            #expect(try await found(.admin, "sue", most: 3) == nil)
            #expect(try await found(.admin, "sue", most: 4) == 4)
        }
    }
}
