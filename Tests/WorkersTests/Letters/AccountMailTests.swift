import Database
import Foundation
import TestSupport
import Testing
import Workers

/// Mails about somebody's account.
@Suite struct AccountMailTests {
    private static func payload(_ about: String, _ user: UUID, detail: String = "") -> JSON {
        JSON(text: #"{"about": "\#(about)", "userKind": "sales_rep", "user": "\#(user)", "detail": "\#(detail)"}"#)
    }

    @Test(arguments: [("reset", 30), ("invitation", 48 * 60)])
    func `a link is mailed of which the database keeps a digest alone`(about: String, minutes: Int) async throws {
        try await LetterBed.with { bed in
            let job = try await bed.doing("send_account_mail", Self.payload(about, bed.rep))
            #expect(job.ending == "finished: ")
            let mail = try #require(try await bed.server.messages().first)
            #expect(mail.recipients == ["sarah@drizzl.example"])
            let text = try await bed.owner.query("SELECT body_text FROM outbound_emails")[0].value(
                "body_text", as: String.self)
            let link = try #require(
                text.firstMatch(of: /https:\/\/portal\.drizzl\.example\/sales\/(\w+)\?token=([\w-]{43})/))
            #expect(String(link.1) == about)
            let kept = try await bed.owner.query(
                """
                SELECT purpose, extract(epoch FROM expires_at - \(bed.now))::bigint / 60 AS minutes FROM password_resets
                WHERE token_hash = sha256(convert_to(\(String(link.2)), 'UTF8')) AND user_id = \(bed.rep)
                """)
            #expect(try kept.map { try $0.value("purpose", as: String.self) } == [about])
            #expect(abs(try kept[0].value("minutes", as: Int.self) - minutes) <= 1)
        }
    }

    @Test func `news of an account names the device, and nobody is written to who is not there`() async throws {
        try await LetterBed.with { bed in
            try await bed.doing("send_account_mail", Self.payload("new_device", bed.rep, detail: "Firefox on Linux"))
            try await bed.doing("send_account_mail", Self.payload("reset", UUID()))
            let mails = try await bed.server.messages()
            #expect(mails.map(\.subject) == ["A new device signed in"])
            #expect(mails.first?.source.contains("Firefox on Linux") == true)
        }
    }
}
