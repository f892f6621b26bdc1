import Documents
import Foundation
import TestSupport
import Testing
import Workers

@Suite struct SMTPFailureTests {
    @Test func `a refused recipient is a permanent failure, and nobody receives the mail`() async throws {
        let server = try await SMTPServer.start(refusing: ["gone@partner.example"])
        defer { server.stop() }
        let transport = SMTPTransport(try .trusting(server))
        var mail = MailMessage.example()
        mail.to.append(.init(address: "gone@partner.example"))
        let error = await failure(of: transport, sending: mail)
        #expect(error?.replyCode == 550)
        #expect(error?.isRetryable == false)
        #expect(error?.description.contains("partner.example") == false)
        #expect(try await server.messages().isEmpty)
        // The connection goes on to serve.
        try await transport.send(.example())
        #expect(try await server.messages().count == 1)
    }

    @Test func `a mail that is put off is temporary, and another try succeeds`() async throws {
        let server = try await SMTPServer.start(failingFirst: 1)
        defer { server.stop() }
        let transport = SMTPTransport(try .trusting(server))
        let error = await failure(of: transport)
        #expect(error?.replyCode == 451)
        #expect(error?.isRetryable == true)
        try await transport.send(.example())
        #expect(try await server.messages().count == 1)
    }

    @Test func `a wrong password is temporary and is not repeated in the error`() async throws {
        let server = try await SMTPServer.start()
        defer { server.stop() }
        let transport = SMTPTransport(try .trusting(server, password: "hunter2"))
        let error = await failure(of: transport)
        #expect(error?.isRetryable == true)
        #expect(error?.replyCode == 535)
        #expect(error.map { "\($0)".contains("hunter2") } == false)
    }

    @Test func `a certificate that nobody vouches for is refused`() async throws {
        let server = try await SMTPServer.start()
        defer { server.stop() }
        let configuration = try SMTPConfiguration(url: server.url, user: server.user, password: server.password)
        let error = await failure(of: SMTPTransport(configuration))
        #expect(error?.isRetryable == true)
        #expect(error?.text.contains("No secure connection") == true)
        #expect(try await server.messages().isEmpty)
    }

    @Test func `without STARTTLS on offer nothing is sent when it is required`() async throws {
        let server = try await SMTPServer.start(isSecure: false)
        defer { server.stop() }
        let error = await failure(of: SMTPTransport(try SMTPConfiguration(url: server.url)))
        #expect(error?.isRetryable == true)
        #expect(try await server.messages().isEmpty)
    }

    @Test func `a server that is away is temporary`() async throws {
        let server = try await SMTPServer.start()
        let transport = SMTPTransport(try .trusting(server))
        try await transport.send(.example())
        server.stop()
        for _ in 0..<2 {
            let error = await failure(of: transport)
            #expect(error?.isRetryable == true)
        }
    }

    @Test func `a server that does not answer is given up when the time is up`() async throws {
        let server = try await SMTPServer.start(isSecure: false, delay: .seconds(30))
        defer { server.stop() }
        let configuration = try SMTPConfiguration(url: server.url, startTLS: .none, timeout: .milliseconds(300))
        let error = await failure(of: SMTPTransport(configuration))
        #expect(error == .temporary(code: nil, text: "The mail server did not answer in time."))
    }

    @Test func `a mail that still waits is taken back when its task is cancelled`() async throws {
        let server = try await SMTPServer.start(isSecure: false, delay: .milliseconds(700))
        defer { server.stop() }
        let transport = SMTPTransport(try SMTPConfiguration(url: server.url, startTLS: .none, connections: 1))
        async let first: Void = transport.send(.example())
        let second = Task { try await transport.send(.example(to: "second@partner.example")) }
        second.cancel()
        await #expect(throws: MailError.self) { try await second.value }
        try await first
        #expect(try await server.messages().flatMap(\.recipients) == ["jennifer@wholefoods.example"])
    }

    @Test(arguments: [
        "smtp://user:secret@host:25", "http://host", "host:25", "", "smtp://", "smtp://host/path", "smtp://host?x=y",
    ])
    func `an address that is none of a mail server is refused without repeating it`(url: String) {
        let error = #expect(throws: SMTPConfigurationError.self) { try SMTPConfiguration(url: url) }
        #expect(error?.description.contains("secret") == false)
    }

    @Test(arguments: ["jennifer@wholefoods.example>\r\nDATA", "two@at@signs.example", "no-at", "", "a b@c.example"])
    func `a bad recipient is refused before any connection is made`(address: String) async throws {
        // Nothing listens there; a connection would give a temporary error.
        let transport = SMTPTransport(try SMTPConfiguration(url: "smtp://127.0.0.1:1"))
        let error = await failure(of: transport, sending: .example(to: address))
        #expect(error?.isRetryable == false)
        #expect(error?.replyCode == nil)
    }

    private func failure(of transport: SMTPTransport, sending mail: MailMessage = .example()) async -> MailError? {
        do throws(MailError) {
            try await transport.send(mail)
            return nil
        } catch { return error }
    }
}
