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
            let source = mail.source.replacing("=\r\n", with: "").replacing("=3D", with: "=")
            let link = try #require(
                source.firstMatch(of: /https:\/\/portal\.drizzl\.example\/sales\/(\w+)\?token=([\w-]{43})/))
            #expect(String(link.1) == about)
            let kept = try await bed.owner.query(
                """
                SELECT purpose, extract(epoch FROM expires_at - \(bed.now))::bigint / 60 AS minutes FROM password_resets
                WHERE token_hash = sha256(convert_to(\(String(link.2)), 'UTF8')) AND user_id = \(bed.rep)
                """)
            #expect(try kept.map { try $0.value("purpose", as: String.self) } == [about])
            #expect(abs(try kept[0].value("minutes", as: Int.self) - minutes) <= 1)
            // Nor does the mail that is kept hold it, sealed or not: it has left.
            let written = try await bed.owner.query(
                "SELECT row_to_json(m)::text AS all_of_it, secret_enc IS NULL AS is_gone FROM outbound_emails m")
            let all = try written[0].value("all_of_it", as: String.self)
            #expect(!all.contains(String(link.2)) && all.contains("token=(hidden)"))
            #expect(try written[0].value("is_gone") == true)
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
