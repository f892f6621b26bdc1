import Foundation
import StateMachines
import Testing

/// Each kind of bad input gets its own clear problem, and nothing is written.
@Suite struct BadInputTests {
    /// What is sent, and what has to be answered.
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var body: String
        var status: Int
        var code: String
        var faults: [String] = []
        var headers: [String: String] = [:]

        var testDescription: String { name }
    }

    private static let cases: [Case] = [
        Case(name: "no JSON", body: "{\"move\": ", status: 400, code: "malformed_json"),
        Case(name: "nothing", body: "", status: 400, code: "malformed_json"),
        Case(name: "a comma too many", body: "{\"move\": \"cancel\",}", status: 400, code: "malformed_json"),
        Case(
            name: "a name twice", body: "{\"move\": \"cancel\", \"move\": \"dispute\"}", status: 400,
            code: "malformed_json"),
        Case(name: "half a surrogate pair", body: "{\"move\": \"\\ud83d\"}", status: 400, code: "malformed_json"),
        Case(name: "a number out of range", body: "{\"move\": 1e999}", status: 400, code: "malformed_json"),
        Case(name: "a leading zero", body: "{\"expected_seq\": 01}", status: 400, code: "malformed_json"),
        Case(name: "something after the end", body: "{} {}", status: 400, code: "malformed_json"),
        Case(
            name: "nested too deeply", body: String(repeating: "[", count: 20_000), status: 400, code: "malformed_json"),
        Case(name: "a list", body: "[]", status: 422, code: "wrong_type"),
        Case(name: "no move", body: "{}", status: 422, code: "field_missing", faults: ["field_missing move"]),
        Case(
            name: "wrong types and an unknown field, all at once",
            body: "{\"move\": 7, \"inputs\": [], \"expected_seq\": \"1\", \"dry_run\": \"no\", \"amount\": 1}",
            status: 422,
            code: "wrong_type",
            faults: [
                "wrong_type move", "wrong_type inputs", "wrong_type expected_seq", "wrong_type dry_run",
                "field_unknown amount",
            ]),
        Case(
            name: "a fraction as seq", body: "{\"move\": \"cancel\", \"expected_seq\": 1.5}", status: 422,
            code: "wrong_type", faults: ["wrong_type expected_seq"]),
        Case(
            name: "an unknown move", body: "{\"move\": \"explode\"}", status: 422, code: "unknown_move",
            faults: ["unknown_move move"]),
        Case(
            name: "making one", body: "{\"move\": \"create\"}", status: 422, code: "unknown_move",
            faults: ["unknown_move move"]),
        Case(
            name: "inputs that are missing, wrong and unknown, all at once",
            body: "{\"move\": \"record_payment\", \"inputs\": {\"amount\": 1.5, \"method\": \"gold\", \"colour\": 1}}",
            status: 422, code: "input_invalid",
            faults: [
                "input_invalid amount", "input_missing received_on", "input_missing reference", "input_invalid method",
                "input_unknown colour",
            ]),
        Case(
            name: "money with a fraction of zero",
            body: House.payment(1).replacing("\"amount\": 1", with: "\"amount\": 1.0"),
            status: 422, code: "input_invalid", faults: ["input_invalid amount"]),
        Case(
            name: "money beyond any bound",
            body: House.payment(1).replacing("\"amount\": 1", with: "\"amount\": 9223372036854775807"), status: 422,
            code: "input_invalid", faults: ["input_invalid amount"]),
        Case(
            name: "a day that does not exist", body: House.payment(1).replacing("2026-03-02", with: "2026-02-30"),
            status: 422, code: "input_invalid", faults: ["input_invalid received_on"]),
        Case(
            name: "a NUL in a text", body: House.payment(1, reference: "a\\u0000b"), status: 422, code: "input_invalid",
            faults: ["input_invalid reference"]),
        Case(
            name: "an over-long text", body: House.payment(1, reference: String(repeating: "x", count: 2_001)),
            status: 422, code: "input_invalid", faults: ["input_invalid reference"]),
        Case(
            name: "no money at all", body: House.payment(0), status: 422, code: "amount_is_positive",
            faults: ["amount_is_positive "]),
        Case(
            name: "a move of the system", body: "{\"move\": \"mark_overdue\"}", status: 403, code: "role",
            faults: ["role "]),
        Case(
            name: "a move from another state",
            body: "{\"move\": \"promise_to_pay\", \"inputs\": {\"pay_on\": \"2026-03-09\"}}", status: 409,
            code: "not_from_here", faults: ["not_from_here "]),
        Case(
            name: "a seq that is past", body: House.payment(100, more: ", \"expected_seq\": 7"), status: 409,
            code: "changed_meanwhile", faults: ["changed_meanwhile expected_seq"]),
        Case(
            name: "a key that is no UUID", body: House.payment(100), status: 400, code: "idempotency_key_invalid",
            headers: ["Idempotency-Key": "17"]),
        Case(
            name: "a key of the kind that the engine derives for itself", body: House.payment(100), status: 400,
            code: "idempotency_key_invalid", headers: ["Idempotency-Key": "0198c1f2-6a51-8cc4-b2a4-3f1f6f0d7a10"]),
        Case(
            name: "a form", body: "move=cancel", status: 415, code: "unsupported_media_type",
            headers: ["Content-Type": "application/x-www-form-urlencoded"]),
        Case(
            name: "no kind of content", body: House.payment(100), status: 415, code: "unsupported_media_type",
            headers: ["Content-Type": ""]),
        Case(
            name: "a kind that only begins like JSON", body: House.payment(100), status: 415,
            code: "unsupported_media_type", headers: ["Content-Type": "application/json-seq"]),
        Case(
            name: "too much of it", body: House.payment(100, reference: String(repeating: "x", count: 70_000)),
            status: 413, code: "too_large"),
        Case(
            name: "a page of another site", body: House.payment(100), status: 403, code: "foreign_origin",
            headers: ["Origin": "https://evil.example"]),
        Case(
            name: "a page of another port", body: House.payment(100), status: 403, code: "foreign_origin",
            headers: ["Origin": "http://127.0.0.1:1"]),
        Case(
            name: "a page without an origin", body: House.payment(100), status: 403, code: "foreign_origin",
            headers: ["Origin": "null"]),
    ]

    @Test func `each bad request gets its own problem and nothing is written`() async throws {
        try await House.with { house async throws in
            let before = try await house.written()
            for bad in Self.cases {
                let answer = try await house.post(bad.body, headers: bad.headers)
                #expect(answer.status == bad.status, "\(bad.name): \(answer.raw.text)")
                #expect(answer.code == bad.code, "\(bad.name): \(answer.raw.text)")
                if !bad.faults.isEmpty { #expect(answer.faults == bad.faults, "\(bad.name)") }
                #expect(answer.raw.headers["content-type"] == "application/problem+json", "\(bad.name)")
                #expect(answer["type"] == .string("/problems/\(bad.code)"), "\(bad.name)")
                #expect(answer["status"]?.integer == Int64(bad.status), "\(bad.name)")
                #expect(answer["title"]?.text?.isEmpty == false, "\(bad.name)")
                #expect(answer["detail"]?.text?.isEmpty == false, "\(bad.name)")
                #expect(answer["instance"] == .string(house.path + "/transitions"), "\(bad.name)")
                #expect(try await house.written() == before, "\(bad.name)")
            }
            // The house still stands.
            #expect(try await house.post(House.payment(100)).status == 200)
        }
    }

    @Test func `malformed JSON is answered with its place`() async throws {
        try await House.with { house async throws in
            let answer = try await house.post("{\n  \"move\": \"cancel\",\n  \"inputs\": {nope}\n}")
            #expect(answer["detail"]?.text?.contains("line 3, column 14") == true, "\(answer.raw.text)")
        }
    }

    @Test func `text that is no UTF-8 is refused`() async throws {
        try await House.with { house async throws in
            let body = Array("{\"move\": \"".utf8) + [0xC3, 0x28] + Array("\"}".utf8)
            let answer = Answer(
                try await house.send(
                    "POST", house.path + "/transitions", headers: ["Content-Type": "application/json"], body: body))
            #expect(answer.status == 400)
            #expect(answer.code == "malformed_json")
        }
    }

    @Test func `a body without end is cut off at the limit`() async throws {
        try await House.with { house async throws in
            let answer = try await RawConnection.with(port: house.port) { connection async throws in
                let head = house.request(
                    "POST", house.path + "/transitions",
                    headers: ["Content-Type": "application/json", "Transfer-Encoding": "chunked"])
                try await connection.send(head)
                let chunk = Array("4000\r\n".utf8) + [UInt8](repeating: 0x20, count: 0x4000) + Array("\r\n".utf8)
                for _ in 0..<5 { try await connection.send(chunk) }
                return Answer(try await connection.answer())
            }
            #expect(answer.status == 413)
            #expect(answer.raw.headers["connection"] == "close")
        }
    }

    @Test func `a repeated command id with another body is refused, with the same body answered again`() async throws {
        try await House.with { house async throws in
            let key = UUID().uuidString
            let first = try await house.post(House.payment(12_500), key: key)
            #expect(first.status == 200)
            let after = try await house.written()
            let other = try await house.post(House.payment(12_501), key: key)
            #expect(other.status == 422)
            #expect(other.code == "command_reused")
            let again = try await house.post(House.payment(12_500), key: "\"\(key)\"")
            #expect(again.status == 200)
            #expect(again.json == first.json)
            #expect(again.raw.headers["idempotency-key"] == key.lowercased())
            #expect(try await house.written() == after)
        }
    }

    @Test func `an id that does not exist is not found, whatever is asked of it`() async throws {
        try await House.with { house async throws in
            let unknown = "/api/v1/invoices/\(UUID().uuidString)"
            for path in ["", "/actions", "/history", "/jobs", "/emails", "/pdf"] {
                let answer = try await house.get(unknown + path)
                #expect(answer.status == 404, "\(path)")
                #expect(answer.code == "not_found", "\(path)")
            }
            for id in ["1", "INV-10001", "%27%20OR%201=1", "..%2f..", house.invoice.uuidString + "0"] {
                #expect(try await house.get("/api/v1/invoices/\(id)").code == "not_found", "\(id)")
                #expect(try await house.post("{}", to: "/api/v1/invoices/\(id)/transitions").status >= 404, "\(id)")
            }
            let before = try await house.written()
            let answer = try await house.post(House.payment(1), to: unknown + "/transitions")
            #expect(answer.status == 404)
            #expect(try await house.written() == before)
        }
    }

    @Test func `a query that is wrong is refused with every fault at once`() async throws {
        try await House.with { house async throws in
            let answer = try await house.get("/api/v1/invoices?limit=1000&status=lost&color=red")
            #expect(answer.status == 422)
            #expect(
                answer.faults.sorted() == [
                    "parameter_invalid limit", "parameter_invalid status", "parameter_unknown color",
                ])
            for query in ["limit=0", "limit=-1", "limit=1.5", "limit=", "limit=201", "limit=1&limit=2", "status="] {
                #expect(try await house.get("/api/v1/invoices?\(query)").status == 422, "\(query)")
            }
            #expect(try await house.get("\(house.path)?x=1").status == 422)
            #expect(try await house.get("/api/v1/jobs/overview?x=1").status == 422)
        }
    }
}
