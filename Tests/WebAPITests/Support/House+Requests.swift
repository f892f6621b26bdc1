import Accounts
import Database
import Foundation
import StateMachines

/// An answer with its body as JSON.
struct Answer: Sendable {
    var raw: RawAnswer
    var status: Int { raw.status }
    var json: JSONValue

    init(_ raw: RawAnswer) {
        self.raw = raw
        json = (try? JSONDecoder().decode(JSONValue.self, from: Data(raw.body))) ?? .null
    }

    subscript(name: String) -> JSONValue? { json[name] }

    /// The problem's code.
    var code: String? { json["code"]?.text }

    /// The codes and fields of all faults.
    var faults: [String] {
        (json["errors"]?.list ?? []).map { "\($0["code"]?.text ?? "") \($0["field"]?.text ?? "")" }
    }
}

extension JSONValue {
    subscript(name: String) -> JSONValue? {
        if case .object(let members) = self { members[name] } else { nil }
    }

    var text: String? { if case .string(let text) = self { text } else { nil } }
    var list: [JSONValue]? { if case .array(let list) = self { list } else { nil } }
    var integer: Int64? { if case .integer(let integer) = self { integer } else { nil } }
}

extension House {
    var path: String { "/api/v1/invoices/\(invoice.uuidString.lowercased())" }

    /// Sends one request on a connection of its own.
    func send(
        _ method: String, _ path: String, headers: [String: String] = [:], body: [UInt8]? = nil
    ) async throws -> RawAnswer {
        try await RawConnection.with(port: port) { connection async throws in
            try await connection.send(request(method, path, headers: headers, body: body))
            return try await connection.answer(isHead: method == "HEAD")
        }
    }

    /// The bytes of a request, with `Host`, `Content-Length` and the admin's session unless they are given; what is given
    /// empty is left out.
    func request(_ method: String, _ path: String, headers: [String: String] = [:], body: [UInt8]? = nil) -> [UInt8] {
        var all = headers
        if all["Host"] == nil { all["Host"] = "127.0.0.1:\(port)" }
        if all["Cookie"] == nil, all["Authorization"] == nil {
            all["Cookie"] = "__Host-drizzl_admin=\(House.session)"
            if all["X-CSRF-Token"] == nil { all["X-CSRF-Token"] = SecretToken.forgeryGuard(of: House.session) }
        }
        if method != "GET", method != "HEAD", all["Origin"] == nil { all["Origin"] = "http://\(all["Host"] ?? "")" }
        if let body, all["Content-Length"] == nil { all["Content-Length"] = "\(body.count)" }
        let lines = all.filter { !$0.value.isEmpty }.map { "\($0): \($1)\r\n" }.joined()
        return Array("\(method) \(path) HTTP/1.1\r\n\(lines)\r\n".utf8) + (body ?? [])
    }

    func get(_ path: String, headers: [String: String] = [:]) async throws -> Answer {
        Answer(try await send("GET", path, headers: headers))
    }

    /// Asks for a move with a body as it is.
    func post(
        _ body: String, key: String? = nil, headers: [String: String] = [:], to path: String? = nil
    ) async throws -> Answer {
        var all = ["Content-Type": "application/json"].merging(headers) { $1 }
        if let key { all["Idempotency-Key"] = key }
        return Answer(
            try await send("POST", path ?? self.path + "/transitions", headers: all, body: Array(body.utf8)))
    }

    /// A payment with everything that it takes.
    static func payment(_ cents: Int, reference: String = "CHK-1", more: String = "") -> String {
        """
        {"move": "record_payment", "inputs": {"amount": \(cents), "received_on": "2026-03-02",
         "reference": "\(reference)", "method": "check"}\(more)}
        """
    }

    /// How many rows there are of everything that a move writes.
    func written() async throws -> [Int] {
        let rows = try await pool.query(
            """
            SELECT (SELECT count(*) FROM workflow_events) AS events, (SELECT count(*) FROM workflow_commands) AS commands,
                (SELECT count(*) FROM payments) AS payments, (SELECT count(*) FROM queue.jobs) AS jobs,
                (SELECT count(*) FROM workflow_timers) AS timers, (SELECT sum(status_seq) FROM invoices)::bigint AS seqs
            """)
        return try ["events", "commands", "payments", "jobs", "timers", "seqs"].map { try rows[0].value($0) }
    }
}

extension House {
    /// Takes away a column that every reading of an invoice needs.
    func breakSchema() async throws {
        try await pool.run { session in
            try session.execute("RESET ROLE")
            try session.execute("ALTER TABLE invoices RENAME COLUMN invoice_number TO gone")
        }
    }
}
