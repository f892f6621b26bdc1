import Accounts
import Foundation
import Portals
import StateMachines
import Testing
import WebAPI
import Workflows

/// The pages for people.
@Suite struct PagesTests {
    private static let browser = ["Accept": "text/html,application/xhtml+xml"]
    static let list = "/admin/command-center/invoices"

    @Test func `the list shows number, partner, state, due date and amount`() async throws {
        try await House.with { house async throws in
            let page = try await house.send("GET", Self.list, headers: Self.browser)
            #expect(page.status == 200)
            #expect(page.headers["content-type"] == "text/html; charset=utf-8")
            for text in ["INV-10001", "Green Leaf Market", "Waiting for payment", "Apr 1, 2026", "$3,845.00"] {
                #expect(page.text.contains(text), "\(text)")
            }
            let none = try await house.send("GET", Self.list + "?state=paid", headers: Self.browser)
            #expect(none.text.contains("No invoice is in this state."))
        }
    }

    @Test func `no page has inline style or script, and every page forbids it`() async throws {
        try await House.with { house async throws in
            try await house.keepMail(subject: "Your invoice", text: "Dear Ana")
            for path in ["/admin/login", Self.list, house.page, "/admin/design", "/nowhere"] {
                let page = try await house.send("GET", path, headers: Self.browser)
                #expect(!page.text.contains("style=") && !page.text.contains("<style"), "\(path)")
                let scripts = page.text.matches(of: /<script([^>]*)>([^<]*)/)
                #expect(scripts.allSatisfy { $0.1.contains("src=\"/js/") && $0.2.isEmpty }, "\(path)")
                #expect(page.text.firstMatch(of: /<[^>]* on[a-z]+=/) == nil, "\(path)")
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
            let page = try await house.send("GET", house.page, headers: Self.browser).text
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
            for path in [Self.list, house.page] {
                let page = try await house.send("GET", path, headers: Self.browser)
                #expect(page.status == 200)
                #expect(page.text.contains("&lt;script&gt;"), "\(path)")
                let scalars = String(decoding: page.body, as: UTF8.self).unicodeScalars
                #expect(!String(scalars).contains("<script>"), "\(path)")
                for bad in ["<b>", "<i>", "<u>", "<img", "<i"] where path != Self.list {
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
                "POST", house.page + "/moves", headers: own, body: Array(form.utf8))
            #expect(plain.status == 415)
            #expect(try await house.written() == before)
        }
    }

    @Test func `people get problems as pages`() async throws {
        try await House.with { house async throws in
            let page = try await house.send("GET", Self.list + "/7", headers: Self.browser)
            #expect(page.status == 404)
            #expect(page.headers["content-type"] == "text/html; charset=utf-8")
            #expect(page.text.contains("There is no such invoice."))
            let program = try await house.get(Self.list + "/7")
            #expect(program.code == "not_found")
        }
    }

    @Test func `a mail that did not leave can be read`() async throws {
        try await House.with { house async throws in
            try await house.keepMail(subject: "Your invoice", text: "Dear Ana,\n\nhere it is.")
            let id = try await house.get(house.path + "/emails")["emails"]?.list?.first?["id"]?.text ?? ""
            let page = try await house.send("GET", house.page + "/emails/\(id)", headers: Self.browser)
            #expect(page.status == 200)
            #expect(page.text.contains("Dear Ana,\n\nhere it is."))
            #expect(page.text.contains("no mail server is set up"))
            let other = try await house.send("GET", "\(Self.list)/\(UUID())/emails/\(id)", headers: Self.browser)
            #expect(other.status == 404)
        }
    }

    @Test func `broken templates keep the program from starting, and every fault is listed`() async throws {
        try await House.with { house async throws in
            let folder = FileManager.default.temporaryDirectory.appending(path: "drizzl-pages-\(UUID())")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let broken = [
                "layout": "{{$content}}{{/content}}", "records": "<p>\n{{{raw}}}</p>", "record": "{{>nowhere}}",
                "email": "{{#open}}", "entrance": "{{title}}", "doors": "", "home": "", "design": "", "making": "",
                "approvals": "",
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
                    "problem.mustache:0: the template is missing", "email.mustache:1: ", "record.mustache:1: ",
                    "records.mustache:2: \"raw\" would be shown without escaping",
                ]
                // Every page that is not among the files is missing, and the rest is broken.
                let broken = faults.filter { !$0.hasSuffix(": the template is missing") }
                #expect(broken.count == expected.count - 1, "\(faults)")
                for text in expected { #expect(faults.contains { $0.contains(text) }, "\(text)") }
            }
        }
    }

    @Test func `addresses that pages once had lead to the present ones`() async throws {
        try await House.with { house async throws in
            for (old, present) in [
                ("/invoices/\(house.invoice)?done=cancel", "\(Self.list)/\(house.invoice)"),
                ("/sales/sign-in", "/sales/login"),
            ] {
                let answer = try await house.send("GET", old, headers: Self.browser)
                #expect(answer.status == 308 && answer.headers["location"] == present, "\(old)")
            }
            for (path, place) in [("/", "/admin/command-center"), ("/admin", "/admin/command-center")] {
                let answer = try await house.send("GET", path, headers: Self.browser)
                #expect(answer.status == 303 && answer.headers["location"] == place, "\(path)")
            }
        }
    }

    @Test func `a stranger is led to the portal's own door, and from there to where they wanted to go`() async throws {
        try await House.with { house async throws in
            let stranger = Self.browser.merging(["Cookie": ""]) { $1 }
            for (path, place) in [
                (Self.list, "/admin/login?next=\(Self.list)"), ("/sales", "/sales/login"),
                ("/partner", "/partner/login"),
            ] {
                let answer = try await house.send("GET", path, headers: stranger)
                #expect(answer.status == 303 && answer.headers["location"] == place, "\(path)")
            }
            let doors = try await house.send("GET", "/", headers: stranger)
            #expect(doors.status == 200 && doors.text.contains("href=\"/partner/login\""))
            let form = try await house.send("GET", "/admin/login?next=\(Self.list)", headers: stranger)
            #expect(form.text.contains("name=\"next\" value=\"\(Self.list)\""))
            for bad in ["//evil.example/", "https://evil.example/", "/sales/x", "/admin/%5C%5Cevil", "/admin//evil"] {
                let form = try await house.send("GET", "/admin/login?next=\(bad)", headers: stranger)
                #expect(!form.text.contains("name=\"next\""), "\(bad)")
            }
        }
    }

    @Test func `the menu has what the visitor may open, and nothing else`() async throws {
        try await House.with { house async throws in
            let page = try await house.send("GET", "/admin/command-center", headers: Self.browser).text
            #expect(page.contains("href=\"\(Self.list)\" title=\"Invoices\""))
            try await house.person(.salesRep, "p@x.example")
            let rep = try await house.browser(.salesRep, "p@x.example").headers.merging(Self.browser) { $1 }
            let home = try await house.send("GET", "/sales", headers: rep)
            #expect(home.status == 200 && !home.text.contains("Invoices") && home.text.contains("href=\"/sales\""))
            #expect(try await house.send("GET", Self.list, headers: rep).status == 403)
        }
    }

    @Test func `a script gets what is inside of the shell`() async throws {
        try await House.with { house async throws in
            let headers = Self.browser.merging(["X-Fragment": "1"]) { $1 }
            let page = try await house.send("GET", Self.list, headers: headers).text
            #expect(page.contains("<main") && page.contains("INV-10001") && page.contains("<title>Invoices"))
            #expect(!page.contains("<html") && !page.contains("Sign out"))
        }
    }

    @Test func `pages and files come compressed to who takes that, and are the same`() async throws {
        try await House.with { house async throws in
            for path in ["/admin/login", "/css/base.css", "/js/live.js"] {
                let plain = try await house.send("GET", path, headers: Self.browser)
                #expect(plain.headers["content-encoding"] == nil)
                let asked = Self.browser.merging(["Accept-Encoding": "br, gzip;q=0.8"]) { $1 }
                let small = try await house.send("GET", path, headers: asked)
                #expect(
                    small.headers["content-encoding"] == "gzip" && small.body.count < plain.body.count / 2, "\(path)")
                #expect(Array(small.body.prefix(2)) == [0x1F, 0x8B], "\(path)")
                #expect(small.headers["vary"]?.contains("Accept-Encoding") == true)
                let refused = Self.browser.merging(["Accept-Encoding": "gzip;q=0, br"]) { $1 }
                #expect(try await house.send("GET", path, headers: refused).headers["content-encoding"] == nil)
            }
        }
    }

    @Test func `a script names what it imports with its version, so that all of it can be kept`() async throws {
        try await House.with { house async throws in
            let script = try await house.send("GET", "/js/drizzl.js").text
            let imported = try #require(script.firstMatch(of: /from "\.(\/[a-z]+\.js\?v=[0-9a-f]+)"/)).1
            let answer = try await house.send("GET", "/js" + imported)
            #expect(answer.headers["cache-control"]?.contains("immutable") == true)
        }
    }

    @Test func `all style sheets come in one answer, tokens first and those of phones last`() async throws {
        try await House.with { house async throws in
            let sheet = try await house.send("GET", "/css/drizzl.css").text
            #expect(!sheet.contains("@import"))
            var parts: [String.Index] = []
            for name in ["tokens", "base", "phone"] {
                let part = try await house.send("GET", "/css/\(name).css").text
                parts.append(try #require(sheet.range(of: part)).lowerBound)
            }
            #expect(parts == parts.sorted())
            let page = try await house.send("GET", Self.list, headers: Self.browser).text
            #expect(page.matches(of: /rel="stylesheet"/).count == 1)
        }
    }

    @Test func `style sheets are kept by browsers until they change`() async throws {
        try await House.with { house async throws in
            let page = try await house.send("GET", Self.list, headers: Self.browser).text
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
    /// The page of the invoice.
    var page: String { "\(PagesTests.list)/\(invoice.uuidString.lowercased())" }

    /// The form of a move as the invoice's page has it, filled in.
    func form(_ move: String, amount: String, reference: String) async throws -> String {
        let text = try await send("GET", page).text
        let part = try #require(text.components(separatedBy: "name=\"move\" value=\"\(move)\"").last)
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
            "POST", page + "/moves",
            headers: [
                "Origin": origin ?? "http://127.0.0.1:\(port)", "Content-Type": "application/x-www-form-urlencoded",
                "Accept": "text/html",
            ], body: Array(form.utf8))
    }
}
