import Database
import Foundation

@testable import WebAPI

/// Orders, commissions and an application for the tests of pages.
enum Planted {
    static let all: [SQL] = [
        """
        UPDATE partners SET credit_limit_cents = 1000 WHERE id = id('alpha')
        """,
        """
        INSERT INTO orders (id, order_number, type, partner_id, placed_by_kind, subtotal_cents, tax_cents, shipping_cents,
            total_cents, payment_terms, placed_on, status, status_seq, status_since, payment_status, payment_status_seq,
            payment_status_since, held_since, sales_rep_id)
        VALUES (id('order'), 'ORD-1', 'B2B', id('alpha'), 'partner_user', 1000, 0, 0, 1000, 'NET30', '2026-03-01',
                'pending', 1, now(), 'pending', 1, now(), now(), id('rita')),
            (id('second order'), 'ORD-2', 'B2B', id('alpha'), 'partner_user', 2000, 0, 0, 2000, 'NET30', '2026-03-01',
                'production', 3, now(), 'pending', 1, now(), NULL, id('rita'))
        """,
        """
        INSERT INTO order_holds (id, order_id, reason, detail, placed_at)
        VALUES (id('hold'), id('order'), 'credit_limit', '{}', now())
        """,
        """
        INSERT INTO partners (id, business_name, business_type, contact_name, email, phone, address, city, state,
            zip_code, time_zone, status, status_seq, status_since)
        VALUES (id('gamma'), 'gamma', 'grocery', 'Gus', 'gus@p.example', '555', '1 Main', 'Reno', 'NV', '89501', 'UTC',
            'pending', 1, now())
        """,
        """
        INSERT INTO sales_reps (id, email, first_name, last_name, phone, time_zone, employee_id, title, role)
        VALUES (id('sues other self'), 'sue@drizzl.example', 'Sue', 'A', '555', 'UTC', 'E9', 'Rep', 'rep')
        """,
        """
        INSERT INTO commissions (id, sales_rep_id, type, amount_cents, rate_bp, base_value_cents, period_start, period_end,
            status, status_seq, status_since, approvable_at)
        SELECT id(v.name), id(v.rep), 'adjustment', 100, 500, 2000, '2026-03-01', '2026-03-31', 'pending', 1, now(), now()
        FROM (VALUES ('commission', 'rita'), ('second commission', 'rob'), ('own commission', 'sues other self'))
            AS v (name, rep)
        """,
        """
        INSERT INTO leads (id, company_name, source, sales_rep_id, status, status_seq, status_since)
        VALUES (id('lead'), 'Delta Deli', 'website', id('rita'), 'new', 1, now())
        """,
    ]
}

extension Estate {
    /// A page, as somebody sees it.
    func page(_ path: String, as name: String) async throws -> RawAnswer {
        try await raw("GET", path, as: name, headers: ["Accept": "text/html"])
    }

    /// Sends a form from a page of ours.
    func send(form: [String: String], to path: String, as name: String) async throws -> RawAnswer {
        let body = form.map { "\(Self.escaped($0))=\(Self.escaped($1))" }.joined(separator: "&")
        let headers = [
            "Accept": "text/html", "Content-Type": "application/x-www-form-urlencoded",
            "Origin": "http://127.0.0.1:\(port)",
        ]
        return try await raw("POST", path, as: name, headers: headers, body: Array(body.utf8))
    }

    /// Fills in the form of a move on a record's page and sends it.
    func press(_ path: String, _ move: String, _ inputs: [String: String], as name: String) async throws -> RawAnswer {
        let form = try await form(path, move).merging(inputs) { $1 }
        return try await send(form: form, to: path + "/moves", as: name)
    }

    /// The hidden fields of a move's form, as the page has them for Sue.
    func form(_ path: String, _ move: String) async throws -> [String: String] {
        try form(in: try await page(path, as: "sue").text, move)
    }

    /// The hidden fields of a move's form, as a page has them.
    func form(in page: String, _ move: String) throws -> [String: String] {
        guard let part = page.components(separatedBy: "name=\"move\" value=\"\(move)\"").dropFirst().first,
            let end = part.firstRange(of: "</form>")
        else { throw NoForm(move: move, page: page) }
        var form = ["move": move]
        for match in part[..<end.lowerBound].matches(of: /<input type="hidden" name="([a-z]+)" value="([^"]*)"/) {
            form[String(match.1)] = String(match.2)
        }
        return form
    }

    /// The form of a move of many, with these picked.
    func bulk(_ page: String, _ move: String, _ ids: [String]) throws -> [String: String] {
        guard let part = page.components(separatedBy: "id=\"bulk\"").last,
            let command = part.firstMatch(of: /name="command" value="([^"]*)"/)
        else { throw NoForm(move: move, page: page) }
        let picked = ids.map { ("pick.\($0)", "on") } + [("move", move), ("command", String(command.1))]
        return Dictionary(picked) { first, _ in first }
    }

    struct NoForm: Error {
        var move: String
        var page: String
    }

    /// How many events a record has.
    func history(_ machine: String, _ record: String) async throws -> Int {
        let rows = try await pool.query(
            """
            SELECT count(*) AS count FROM workflow_events
            WHERE machine = \(machine) AND record_id = \(Self.id(record))::uuid
            """)
        return Int(try rows[0].value("count", as: Int64.self))
    }

    /// The states of all rows of a table.
    func states(_ table: StaticString) async throws -> [String] {
        try await pool.query("SELECT status FROM \(unsafeUnescaped: "\(table)") ORDER BY status")
            .map { try $0.value("status") }
    }

    private func raw(
        _ method: String, _ path: String, as name: String, headers: [String: String], body: [UInt8] = []
    ) async throws -> RawAnswer {
        let own = [
            "Host": "127.0.0.1:\(port)", "Authorization": "Bearer token of \(name)", "Content-Length": "\(body.count)",
        ]
        let lines = own.merging(headers) { $1 }.map { "\($0): \($1)\r\n" }.joined()
        return try await RawConnection.with(port: port) { connection async throws in
            try await connection.send(Array("\(method) \(path) HTTP/1.1\r\n\(lines)\r\n".utf8) + body)
            return try await connection.answer()
        }
    }

    private static func escaped(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
}
