import Documents
import Foundation
import TestSupport
import Testing
import Workers

@Suite struct SMTPTransportTests {
    @Test func `a mail arrives with text, HTML and attachment, encrypted, byte for byte`() async throws {
        try await withServer { server, transport in
            let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            var mail = MailMessage.example()
            mail.subject = "Rechnung für Señor Łukasz – 3.845 € 🥤 and more words, so that the line must be folded"
            mail.text = "Hello,\n.\n..a line of dots\n\nÄpfel " + String(repeating: "long ", count: 300)
            mail.attachments = [.init(name: "INV-1042.pdf", type: "application/pdf", bytes: bytes)]
            try await transport.send(mail)

            let received = try #require(try await server.messages().first)
            #expect(received.isEncrypted)
            #expect(received.sender == "billing@drizzl.example")
            #expect(received.recipients == ["jennifer@wholefoods.example"])
            #expect(received.subject == mail.subject)
            #expect(received.text.split(whereSeparator: \.isNewline) == mail.text.split(whereSeparator: \.isNewline))
            #expect(received.html.contains("<p>Hello Jennifer</p>"))
            #expect(received.attachments.first?.bytes == bytes)
            #expect(received.attachments.first?.name == "INV-1042.pdf")
            #expect(
                received.structure == [
                    "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/pdf",
                ])
            #expect(received.header("Message-ID") == "<0192-1@drizzl.example>")
            #expect(received.header("Date") == "Wed, 02 Dec 2026 17:04:05 +0000")
            #expect(received.header("From") == "\"Drizzl, Inc.\" <billing@drizzl.example>")
            #expect(received.header("MIME-Version") != nil)
        }
    }

    @Test func `every line ends with CRLF and none is longer than a server must take`() async throws {
        try await withServer { server, transport in
            var mail = MailMessage.example()
            mail.text = "one\rtwo\r\nthree\nfour" + String(repeating: "x", count: 5000)
            mail.subject = String(repeating: "W", count: 600)
            mail.to = (0..<60).map { MailAddress(name: "Person \($0)", address: "p\($0)@partner.example") }
            try await transport.send(mail)
            let raw = try #require(try await server.messages().first).raw
            let lines = raw.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast()
            #expect(lines.allSatisfy { $0.last == 0x0D && $0.count <= 999 && !$0.dropLast().contains(0x0D) })
        }
    }

    @Test func `names of files and extra headers in any script arrive`() async throws {
        try await withServer { server, transport in
            var mail = MailMessage.example()
            mail.attachments = [.init(name: "Rechnung \"für\" Łódź.pdf", type: "application/pdf", bytes: [])]
            mail.extraHeaders = MailHeader.listUnsubscribe("https://drizzl.example/u/abc")
            try await transport.send(mail)
            let received = try #require(try await server.messages().first)
            #expect(received.attachments.first?.name == "Rechnung \"für\" Łódź.pdf")
            #expect(received.attachments.first?.bytes == [])
            #expect(received.header("List-Unsubscribe") == "<https://drizzl.example/u/abc>")
            #expect(received.header("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click")
        }
    }

    @Test func `a connection is kept between mails`() async throws {
        try await withServer(connections: 1) { server, transport in
            for _ in 0..<5 { try await transport.send(.example()) }
            #expect(Set(try await server.messages().map(\.connection)).count == 1)
        }
    }

    @Test func `many mails at once all arrive once`() async throws {
        try await withServer(connections: 3) { server, transport in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<60 {
                    group.addTask {
                        var mail = MailMessage.example()
                        mail.subject = "Mail \(number)"
                        try await transport.send(mail)
                    }
                }
                try await group.waitForAll()
            }
            let subjects = try await server.messages().map(\.subject)
            #expect(subjects.count == 60)
            #expect(Set(subjects).count == 60)
        }
    }

    @Test func `a server without TLS gets its mail when none is asked for`() async throws {
        let server = try await SMTPServer.start(isSecure: false)
        defer { server.stop() }
        for mode in [SMTPConfiguration.StartTLS.none, .opportunistic] {
            try await SMTPTransport(SMTPConfiguration(url: server.url, startTLS: mode)).send(.example())
        }
        #expect(try await server.messages().map(\.isEncrypted) == [false, false])
    }
}

/// A server and a transport that knows it, for the length of `body`.
func withServer(
    connections: Int = 2, _ body: (SMTPServer, SMTPTransport) async throws -> Void
) async throws {
    let server = try await SMTPServer.start()
    defer { server.stop() }
    try await body(server, SMTPTransport(try .trusting(server, connections: connections)))
}

extension SMTPConfiguration {
    static func trusting(_ server: SMTPServer, password: String? = nil, connections: Int = 2) throws -> Self {
        try SMTPConfiguration(
            url: server.url, user: server.user, password: password ?? server.password,
            certificateAuthorityFile: server.certificateFile, connections: connections, timeout: .seconds(20))
    }
}

extension MailMessage {
    static func example(to address: String = "jennifer@wholefoods.example") -> MailMessage {
        MailMessage(
            from: .init(name: "Drizzl, Inc.", address: "billing@drizzl.example"),
            to: [.init(name: "Jennifer Smith", address: address)], subject: "Invoice INV-1042",
            text: "Hello Jennifer\n", html: "<p>Hello Jennifer</p>\n", messageID: "0192-1@drizzl.example",
            date: Date(timeIntervalSince1970: 1_796_231_045))
    }
}
