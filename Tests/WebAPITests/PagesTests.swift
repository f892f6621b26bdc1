import Foundation
import Portals
import StateMachines
import Testing
import WebAPI
import Workflows

/// The pages for people.
@Suite struct PagesTests {
    private static let browser = ["Accept": "text/html,application/xhtml+xml"]

    @Test func `the list shows number, partner, state, due date and amount`() async throws {
        try await House.with { house async throws in
            let page = try await house.send("GET", "/", headers: Self.browser)
            #expect(page.status == 200)
            #expect(page.headers["content-type"] == "text/html; charset=utf-8")
            for text in ["INV-10001", "Green Leaf Market", "Waiting for payment", "Apr 1, 2026", "$3,845.00"] {
                #expect(page.text.contains(text), "\(text)")
            }
            let none = try await house.send("GET", "/?state=paid", headers: Self.browser)
            #expect(none.text.contains("No invoice is in this state."))
        }
    }

    @Test func `no page has inline style or script, and every page forbids it`() async throws {
        try await House.with { house async throws in
            try await house.keepMail(subject: "Your invoice", text: "Dear Ana")
            for path in ["/", "/invoices/\(house.invoice)", "/nowhere"] {
                let page = try await house.send("GET", path, headers: Self.browser)
                #expect(!page.text.contains("<script") && !page.text.contains("style="), "\(path)")
                #expect(page.headers["content-security-policy"]?.contains("default-src 'self'") == true, "\(path)")
                #expect(page.headers["x-frame-options"] == "DENY", "\(path)")
                #expect(page.text.contains("<h1>"), "\(path)")
            }
        }
    }

    @Test func `an invoice's page tells amounts, what comes next, what can be done, and what happened`() async throws {
        try await House.with { house async throws in
            _ = try await house.post(House.payment(12_500))
            try await house.keepMail(subject: "Your invoice", text: "Dear Ana")
            let page = try await house.send("GET", "/invoices/\(house.invoice)", headers: Self.browser).text
            for text in [
                "$3,720.00", "Partly paid", "<strong>The due date has passed</strong>", "Apr 2, 2026, 12:00 AM",
                "Record payment",
                "Not possible now", "Issue an invoice", "Drizzl, by itself", "Amount paid: $0.00 → $125.00",
                "Generate pdf",
                "Kept here", "no mail server is set up", "The PDF is not made yet",
            ] {
                #expect(page.contains(text), "\(text)")
            }
        }
    }

    @Test func `whatever is shown is escaped`() async throws {
        let name = "<script>alert(1)</script>\"'&\u{301} \"\u{301}onclick=x"
        try await House.with(partnerName: name) { house async throws in
            try await house.keepMail(subject: "<b>Hi</b>", text: "<img src=x>")
            _ = try await house.post("{\"move\": \"dispute\", \"inputs\": {\"reason\": \"<i>\\u0301<u>\"}}")
            for path in ["/", "/invoices/\(house.invoice)"] {
                let page = try await house.send("GET", path, headers: Self.browser)
                #expect(page.status == 200)
                #expect(page.text.contains("&lt;script&gt;"), "\(path)")
                let scalars = String(decoding: page.body, as: UTF8.self).unicodeScalars
                #expect(!String(scalars).contains("<script"), "\(path)")
                for bad in ["<b>", "<i>", "<u>", "<img", "<i"] where path != "/" {
                    // Byte by byte, for a mark after a bracket makes another character of it.
                    let found = page.body.firstRange(of: Array(bad.utf8))
                    let isInput = found.map { page.body[$0.lowerBound...].starts(with: Array("<input".utf8)) } ?? true
                    #expect(isInput, "\(path) \(bad)")
                }
                #expect(page.body.firstRange(of: Array("\"\u{301}onclick".utf8)) == nil)
            }
        }
    }

    @Test func `a move by form is done once, however often its button is pressed`() async throws {
        try await House.with { house async throws in
            let form = try await house.form("record_payment", amount: "1,250.00", reference: "CHK-7")
            let first = try await house.press(form)
            #expect(first.status == 303, "\(first.text)")
            #expect(first.headers["location"]?.hasSuffix("?done=record_payment") == true)
            let after = try await house.written()
            #expect(try await house.press(form).status == 303)
            #expect(try await house.written() == after)
            #expect(try await house.get(house.path)["amount_paid_cents"] == 125_000)
            let page = try await house.send("GET", first.headers["location"] ?? "", headers: Self.browser)
            #expect(page.text.contains("Done: Record a payment."))
        }
    }

    @Test func `a refused form shows every reason beside what was filled in, and nothing is written`() async throws {
        try await House.with { house async throws in
            let before = try await house.written()
            let form = try await house.form("record_payment", amount: "12.345", reference: "")
            let page = try await house.press(form)
            #expect(page.status == 422)
            #expect(page.text.contains("Amount: write an amount in dollars, such as 1,234.50."))
            #expect(page.text.contains("Reference is missing."))
            #expect(page.text.contains("value=\"12.345\""))
            #expect(page.text.contains("Nothing was changed."))
            #expect(try await house.written() == before)
        }
    }

    @Test func `a form of a page that is out of date is refused`() async throws {
        try await House.with { house async throws in
            let form = try await house.form("record_payment", amount: "10", reference: "CHK-8")
            _ = try await house.post(House.payment(100))
            let page = try await house.press(form)
            #expect(page.status == 409)
            #expect(page.text.contains("It was changed meanwhile"))
        }
    }

    @Test func `a form of another site, of no site, or of another kind is refused`() async throws {
        try await House.with { house async throws in
            let before = try await house.written()
            let form = try await house.form("record_payment", amount: "10", reference: "CHK-9")
            #expect(try await house.press(form, origin: "https://evil.example").status == 403)
            #expect(try await house.press(form, origin: "").status == 403)
            #expect(try await house.press("%zz", origin: nil).status == 400)
            #expect(try await house.press("move=cancel", origin: nil).status == 400)
            #expect(try await house.press(form + "&move=cancel", origin: nil).status == 400)
            let own = ["Origin": "http://127.0.0.1:\(house.port)", "Content-Type": "text/plain"]
            let plain = try await house.send(
                "POST", "/invoices/\(house.invoice)/moves", headers: own, body: Array(form.utf8))
            #expect(plain.status == 415)
            #expect(try await house.written() == before)
        }
    }

    @Test func `people get problems as pages`() async throws {
        try await House.with { house async throws in
            let page = try await house.send("GET", "/invoices/7", headers: Self.browser)
            #expect(page.status == 404)
            #expect(page.headers["content-type"] == "text/html; charset=utf-8")
            #expect(page.text.contains("There is no such invoice."))
            let program = try await house.get("/invoices/7")
            #expect(program.code == "not_found")
        }
    }

    @Test func `a mail that did not leave can be read`() async throws {
        try await House.with { house async throws in
            try await house.keepMail(subject: "Your invoice", text: "Dear Ana,\n\nhere it is.")
            let id = try await house.get(house.path + "/emails")["emails"]?.list?.first?["id"]?.text ?? ""
            let page = try await house.send("GET", "/invoices/\(house.invoice)/emails/\(id)", headers: Self.browser)
            #expect(page.status == 200)
            #expect(page.text.contains("Dear Ana,\n\nhere it is."))
            #expect(page.text.contains("no mail server is set up"))
            let other = try await house.send("GET", "/invoices/\(UUID())/emails/\(id)", headers: Self.browser)
            #expect(other.status == 404)
        }
    }

    @Test func `broken templates keep the program from starting, and every fault is listed`() async throws {
        try await House.with { house async throws in
            let folder = FileManager.default.temporaryDirectory.appending(path: "drizzl-pages-\(UUID())")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let broken = [
                "layout": "{{$content}}{{/content}}", "invoices": "<p>\n{{{raw}}}</p>", "invoice": "{{>nowhere}}",
                "email": "{{#open}}", "account": "{{title}}",
            ]
            for (name, text) in broken {
                try Data(text.utf8).write(to: folder.appending(path: "\(name).mustache"))
            }
            let files = try PublicFiles(directory: House.root.appending(path: "public"))
            do {
                _ = try PortalPages(house.dependencies, files: files, templates: folder)
                Issue.record("the pages started with broken templates")
            } catch let PageFault.broken(faults) {
                let expected = [
                    "problem.mustache:0: the template is missing", "email.mustache:1: ", "invoice.mustache:1: ",
                    "invoices.mustache:2: \"raw\" would be shown without escaping",
                ]
                #expect(faults.count == expected.count, "\(faults)")
                for text in expected { #expect(faults.contains { $0.contains(text) }, "\(text)") }
            }
        }
    }

    @Test func `style sheets are kept by browsers until they change`() async throws {
        try await House.with { house async throws in
            let page = try await house.send("GET", "/", headers: Self.browser).text
            let address = try #require(page.firstMatch(of: /href="(\/css\/drizzl\.css\?v=[0-9a-f]+)"/)).1
            let sheet = try await house.send("GET", String(address))
            #expect(sheet.status == 200)
            #expect(sheet.headers["content-type"] == "text/css; charset=utf-8")
            #expect(sheet.headers["cache-control"]?.contains("immutable") == true)
            let tag = sheet.headers["etag"] ?? ""
            let again = try await house.send("GET", "/css/drizzl.css", headers: ["If-None-Match": tag])
            #expect(again.status == 304)
            for path in [
                "/css/../../Package.swift", "/css/%2e%2e/%2e%2e/Package.swift", "/../Package.swift", "/css/", "/css",
            ] {
                #expect(try await house.send("GET", path).status == 404, "\(path)")
            }
        }
    }
}

extension House {
    /// The form of a move as the invoice's page has it, filled in.
    func form(_ move: String, amount: String, reference: String) async throws -> String {
        let page = try await send("GET", "/invoices/\(invoice)").text
        let part = try #require(page.components(separatedBy: "name=\"move\" value=\"\(move)\"").last)
        let command = try #require(part.firstMatch(of: /name="command" value="([0-9a-f-]+)"/)).1
        let seq = try #require(part.firstMatch(of: /name="seq" value="([0-9]+)"/)).1
        let fields = [
            ("move", move), ("command", String(command)), ("seq", String(seq)), ("input.amount", amount),
            ("input.received_on", "2026-03-02"), ("input.reference", reference), ("input.method", "check"),
        ]
        return fields.map { "\($0)=\($1.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")" }
            .joined(separator: "&")
    }

    /// Sends a form, from a page of ours unless told otherwise.
    func press(_ form: String, origin: String? = nil) async throws -> RawAnswer {
        try await send(
            "POST", "/invoices/\(invoice)/moves",
            headers: [
                "Origin": origin ?? "http://127.0.0.1:\(port)", "Content-Type": "application/x-www-form-urlencoded",
                "Accept": "text/html",
            ], body: Array(form.utf8))
    }
}
