import Documents
import Foundation
import Testing

@Suite struct MailHeadersTests {
    private func mail(_ change: (inout MailMessage) -> Void = { _ in }) -> MailMessage {
        var mail = MailMessage(
            from: .init(name: "Drizzl", address: "billing@drizzl.example"),
            to: [.init(address: "jennifer@partner.example")], subject: "Invoice", text: "Hello",
            messageID: "1@drizzl.example", date: Date(timeIntervalSince1970: 1_796_231_045))
        change(&mail)
        return mail
    }

    @Test func `headers stand in order and in their forms`() throws {
        #expect(
            try mail().headers() == [
                "Date: Wed, 02 Dec 2026 17:04:05 +0000", "From: Drizzl <billing@drizzl.example>",
                "To: <jennifer@partner.example>", "Subject: Invoice", "Message-ID: <1@drizzl.example>",
            ])
    }

    @Test func `names with commas are quoted and other scripts are encoded`() throws {
        let headers = try mail {
            $0.from.name = "Drizzl \"Fresh\", Inc."
            $0.to = [.init(name: "Zoë", address: "z@partner.example")]
            $0.subject = "=?utf-8?B?aGk=?="
        }.headers()
        #expect(headers[1] == "From: \"Drizzl \\\"Fresh\\\", Inc.\" <billing@drizzl.example>")
        #expect(headers[2] == "To: =?utf-8?B?Wm/Dqw==?= <z@partner.example>")
        #expect(headers[3].hasPrefix("Subject: =?utf-8?B?PT91"))
    }

    @Test func `encoded words are short, and split between characters`() throws {
        let headers = try mail { $0.subject = String(repeating: "日本語🥤", count: 40) }.headers()
        let words = headers[3].dropFirst("Subject: ".count).components(separatedBy: "\r\n ")
        #expect(words.count > 5)
        #expect(words.allSatisfy { $0.utf8.count <= 75 && $0.hasPrefix("=?utf-8?B?") && $0.hasSuffix("?=") })
        let texts = words.map { word in
            Data(base64Encoded: String(word.dropFirst(10).dropLast(2))).flatMap { String(data: $0, encoding: .utf8) }
        }
        #expect(texts.compactMap(\.self).joined() == String(repeating: "日本語🥤", count: 40))
    }

    @Test(arguments: ["a\r\nBcc: x@y.example", "a\nb", "a\rb", "nul\0", "\u{85}", "\u{2028}"])
    func `no field can smuggle in a header`(text: String) {
        let mails = [
            mail { $0.subject = text }, mail { $0.from.name = text }, mail { $0.from.address = text },
            mail { $0.to[0].name = text }, mail { $0.to[0].address = text }, mail { $0.messageID = text },
            mail { $0.extraHeaders = [.init(name: "X-A", value: text)] },
            mail { $0.extraHeaders = [.init(name: text, value: "a")] },
            mail { $0.attachments = [.init(name: text, type: "text/plain", bytes: [])] },
            mail { $0.attachments = [.init(name: "a", type: text, bytes: [])] },
        ]
        for mail in mails { #expect(throws: MailMessageError.self) { try mail.headers() } }
    }

    @Test(arguments: [
        "", "@", "a@", "@b", "a@b@c", "a b@c.example", "<a@b.example>", "a@b..example", ".a@b.example", "a@-b.example",
        "a@b.example,c@d.example", "ünal@partner.example", "a@münchen.example", "a@[127.0.0.1]", "\"a\"@b.example",
        String(repeating: "a", count: 65) + "@b.example",
    ])
    func `what is no address is refused`(text: String) {
        #expect(!MailAddress(address: text).isValid)
        #expect(throws: MailMessageError.badAddress(field: "To")) { try mail { $0.to[0].address = text }.headers() }
    }

    @Test(arguments: ["a@b.example", "first.last+tag@sub.partner.example", "o'hara_1@x-y.example", "root@localhost"])
    func `usual addresses pass`(text: String) {
        #expect(MailAddress(address: text).isValid)
    }

    @Test(arguments: ["From", "SUBJECT", "bcc", "Message-ID", "Content-Type", "MIME-Version", "X Y", "", "X:"])
    func `an extra header cannot replace one of the mail's own`(name: String) {
        let changed = mail { $0.extraHeaders = [.init(name: name, value: "x")] }
        #expect(throws: MailMessageError.malformed(field: "An extra header's name")) { try changed.headers() }
    }

    @Test func `a mail to nobody is refused`() {
        #expect(throws: MailMessageError.noRecipient) { try mail { $0.to = [] }.headers() }
    }
}
