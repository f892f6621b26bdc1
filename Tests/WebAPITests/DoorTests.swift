import Accounts
import Foundation
import Hummingbird
import StateMachines
import TestSupport
import Testing
import WebAPI

/// Who is let in, and what every answer has.
@Suite struct DoorTests {
    @Test func `a write of our own page passes`() async throws {
        try await House.with { house async throws in
            let own = ["Origin": "http://127.0.0.1:\(house.port)", "Sec-Fetch-Site": "same-origin"]
            #expect(try await house.post(House.payment(100), headers: own).status == 200)
            let foreign = ["Sec-Fetch-Site": "cross-site"]
            #expect(try await house.post(House.payment(100, reference: "B"), headers: foreign).code == "foreign_origin")
        }
    }

    @Test func `nobody is let in who shows nothing, or something wrong`() async throws {
        try await House.with { house async throws in
            let before = try await house.written()
            for wrong in ["", "Bearer", "Bearer open", "Bearer drz_nothing", "Basic !!!", "Digest open sesame"] {
                for path in [house.path, "/api/v1/invoices", "/api/v1/jobs/overview", "/metrics", "/api/v1/session"] {
                    let answer = try await house.get(path, headers: ["Authorization": wrong, "Cookie": ""])
                    #expect(answer.status == 401, "\(wrong) \(path)")
                    #expect(answer.code == "not_signed_in", "\(wrong) \(path)")
                }
            }
            #expect(try await house.post(House.payment(100), headers: ["Cookie": ""]).status == 401)
            let page = try await house.send(
                "GET", "/admin/command-center", headers: ["Cookie": "", "Accept": "text/html"])
            #expect(page.status == 303 && page.headers["location"] == "/admin/login")
            #expect(try await house.get("/healthz", headers: ["Cookie": ""]).status == 200)
            #expect(try await house.get("/readyz", headers: ["Cookie": ""]).status == 200)
            #expect(try await house.written() == before)
            try await eventually("the last request is logged") { house.log.all.contains { $0.contains("/readyz") } }
            #expect(!house.log.all.contains { $0.contains("sesame") })
        }
    }

    /// A page whose handler forgets to ask who it is for.
    private struct Careless: WebPages {
        var operations: [WebAPI.Operation] {
            [
                WebAPI.Operation(
                    .get, "/careless", "Tell a secret", tag: "Test", access: .signedIn([.admin]),
                    scope: .none("a text"), answers: [.content("text/plain", "a secret")]
                ) { _ in Response(status: .ok, body: .init(byteBuffer: .init(string: "secret"))) }
            ]
        }

        func page(for problem: Problem, to request: Request, requestID: String) -> Response {
            Response(status: problem.status)
        }
    }

    @Test func `a handler that forgets to ask lets nobody in all the same`() async throws {
        try await House.with { house async throws in
            let files = try PublicFiles(directory: House.root.appending(path: "public"))
            let responder = WebDoor.responder(house.dependencies, files: files, pages: Careless())
            try await House.serve(responder, house.log) { port in
                let other = House(
                    port: port, pool: house.pool, engine: house.engine, invoice: house.invoice, order: house.order,
                    log: house.log, dependencies: house.dependencies)
                #expect(try await other.get("/careless").raw.body == Array("secret".utf8))
                let stranger = try await other.get("/careless", headers: ["Cookie": ""])
                #expect(stranger.status == 401)
                #expect(!String(decoding: stranger.raw.body, as: UTF8.self).contains("secret"))
            }
        }
    }

    @Test func `a write with a session needs its origin and its token`() async throws {
        try await House.with { house async throws in
            let before = try await house.written()
            let sent: [(headers: [String: String], code: String)] = [
                (["Origin": "https://evil.example"], "foreign_origin"), (["Origin": "null"], "foreign_origin"),
                (["Origin": ""], "foreign_origin"), (["X-CSRF-Token": ""], "csrf_token_missing"),
                (["X-CSRF-Token": SecretToken.forgeryGuard(of: "another's")], "csrf_token_missing"),
            ]
            for (headers, code) in sent {
                let answer = try await house.post(House.payment(100), headers: headers)
                #expect(answer.status == 403, "\(headers)")
                #expect(answer.code == code, "\(headers)")
            }
            #expect(try await house.written() == before)
        }
    }

    @Test func `an unknown address and a wrong method are told apart`() async throws {
        try await House.with { house async throws in
            let unknown = try await house.get("/api/v1/nothing")
            #expect(unknown.status == 404)
            #expect(unknown.code == "not_found")
            #expect(unknown.raw.headers["content-type"] == "application/problem+json")
            let deleted = Answer(try await house.send("DELETE", house.path))
            #expect(deleted.status == 405)
            #expect(deleted.code == "method_not_allowed")
            #expect(deleted.raw.headers["allow"] == "GET, HEAD")
            let got = try await house.get(house.path + "/transitions")
            #expect(got.status == 405)
            #expect(got.raw.headers["allow"] == "POST")
            #expect(try await house.send("HEAD", "/api/v1/nothing").body.isEmpty)
        }
    }

    @Test func `HEAD has the headers of GET`() async throws {
        try await House.with { house async throws in
            let got = try await house.send("GET", house.path)
            try await RawConnection.with(port: house.port) { connection async throws in
                try await connection.send(house.request("HEAD", house.path))
                let head = try await connection.answer(isHead: true)
                #expect(head.status == 200)
                #expect(head.headers["content-length"] == got.headers["content-length"])
                // Nothing follows that would be taken for the next answer.
                try await connection.send(house.request("HEAD", "/nowhere"))
                #expect(try await connection.answer(isHead: true).status == 404)
                try await connection.send(house.request("GET", "/healthz"))
                #expect(try await connection.answer().text.contains("ok"))
            }
        }
    }

    @Test func `a request to upgrade is answered, and its connection ends`() async throws {
        try await House.with { house async throws in
            let answer = try await house.get(
                "/healthz",
                headers: ["Upgrade": "h2c", "Connection": "Upgrade, HTTP2-Settings", "HTTP2-Settings": "AAMAAABk"])
            #expect(answer.status == 200)
            #expect(answer.raw.headers["connection"] == "close")
        }
    }

    @Test func `readiness is told, and health is something else`() async throws {
        try await House.with(isReady: false) { house async throws in
            let answer = try await house.get("/readyz")
            #expect(answer.status == 503)
            #expect(answer.code == "not_ready")
            #expect(answer.raw.headers["retry-after"] != nil)
            #expect(try await house.get("/healthz").status == 200)
        }
    }

    @Test func `a lost database is 503 without a word about it`() async throws {
        try await House.with(databaseIsGone: true) { house async throws in
            let answer = try await house.get(house.path)
            #expect(answer.status == 503)
            #expect(answer.code == "unavailable")
            #expect(answer.raw.headers["retry-after"] != nil)
            #expect(!answer.raw.text.contains("nonexistent"))
            #expect(
                house.log.all.contains { $0.hasPrefix("warning") && $0.contains(answer["request_id"]?.text ?? "none") })
        }
    }

    @Test func `a defect is 500 with an id, and the log has the rest`() async throws {
        try await House.with { house async throws in
            _ = try await house.breakSchema()
            let answer = try await house.get(house.path)
            #expect(answer.status == 500)
            #expect(answer.code == "internal")
            let id = answer["request_id"]?.text ?? "none"
            #expect(answer.raw.headers["x-request-id"] == id)
            #expect(!answer.raw.text.contains("SELECT") && !answer.raw.text.contains("invoice_number"))
            #expect(house.log.all.contains { $0.hasPrefix("error") && $0.contains(id) })
        }
    }

    @Test func `the access log has neither query values nor bodies`() async throws {
        try await House.with { house async throws in
            _ = try await house.get("/api/v1/invoices?status=secretword")
            _ = try await house.post(House.payment(100, reference: "secretword"))
            for status in ["422", "200"] {
                try await eventually("a request is logged with \(status)") {
                    house.log.all.contains { $0.contains("/api/v1/invoices") && $0.contains(status) }
                }
            }
            #expect(!house.log.all.contains { $0.contains("secretword") })
        }
    }
}
