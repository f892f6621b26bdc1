import Foundation
import StateMachines
import Testing
import WebAPI

/// Who is let in, and what every answer has.
@Suite struct DoorTests {
    @Test func `only names of this machine are served locally`() async throws {
        try await House.with { house async throws in
            for host in ["127.0.0.1:\(house.port)", "localhost", "LOCALHOST:80", "[::1]:\(house.port)"] {
                #expect(try await house.get(house.path, headers: ["Host": host]).status == 200, "\(host)")
            }
            for host in [
                "evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "127.0.0.1:80:80", "[::1",
                "x@localhost",
            ] {
                let answer = try await house.get(house.path, headers: ["Host": host])
                #expect(answer.status == 403, "\(host)")
                #expect(answer.code == "host_not_allowed", "\(host)")
            }
        }
    }

    @Test func `a write of our own page passes`() async throws {
        try await House.with { house async throws in
            let own = ["Origin": "http://127.0.0.1:\(house.port)", "Sec-Fetch-Site": "same-origin"]
            #expect(try await house.post(House.payment(100), headers: own).status == 200)
            let foreign = ["Sec-Fetch-Site": "cross-site"]
            #expect(try await house.post(House.payment(100, reference: "B"), headers: foreign).code == "foreign_origin")
        }
    }

    @Test func `with a token everybody else is asked to sign in`() async throws {
        try await House.with(access: .token(TokenDigest(of: "open sesame"))) { house async throws in
            let before = try await house.written()
            let basic = Data("anyone:open sesame".utf8).base64EncodedString()
            for right in ["Bearer open sesame", "bearer open sesame", "Basic \(basic)"] {
                let answer = try await house.get(
                    house.path, headers: ["Authorization": right, "Host": "drizzl.example"])
                #expect(answer.status == 200, "\(right)")
            }
            for wrong in ["", "Bearer", "Bearer open", "Bearer open sesame!", "Basic !!!", "Digest open sesame"] {
                let answer = try await house.get(house.path, headers: ["Authorization": wrong])
                #expect(answer.status == 401, "\(wrong)")
                #expect(answer.code == "not_signed_in", "\(wrong)")
                #expect(answer.raw.headers["www-authenticate"]?.hasPrefix("Basic") == true, "\(wrong)")
            }
            #expect(try await house.post(House.payment(100)).status == 401)
            #expect(try await house.get("/").status == 401)
            #expect(try await house.get("/healthz").status == 200)
            #expect(try await house.get("/readyz").status == 200)
            #expect(try await house.written() == before)
            #expect(!house.log.all.contains { $0.contains("sesame") })
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
            _ = try await house.get("/api/v1/invoices?state=secretword")
            _ = try await house.post(House.payment(100, reference: "secretword"))
            #expect(house.log.all.contains { $0.contains("/api/v1/invoices") && $0.contains("422") })
            #expect(!house.log.all.contains { $0.contains("secretword") })
        }
    }
}
