import Accounts
import Database
import Foundation
import Testing

@testable import WebAPI

/// Files that come in a form, as a browser sends it without any script.
@Suite struct FormTests {
    private static let png = TalkativePictures.png(of: (0..<3_000).map { UInt8($0 % 251) })

    /// The parts as Firefox writes them.
    private static func form(csrf: String?, file: [UInt8], name: String, isWhole: Bool = true) -> [UInt8] {
        var bytes: [UInt8] = []
        func add(_ text: String) { bytes += Array(text.utf8) }
        if let csrf {
            add("------geckoformboundary1a2b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n\(csrf)\r\n")
        }
        add("------geckoformboundary1a2b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(name)\"\r\n")
        add("Content-Type: image/png\r\n\r\n")
        bytes += file
        if isWhole { add("\r\n------geckoformboundary1a2b--\r\n") }
        return bytes
    }

    private static func send(_ form: [UInt8], to house: House, _ more: [String: String] = [:]) async throws -> Answer {
        let headers = [
            "Content-Type": "multipart/form-data; boundary=----geckoformboundary1a2b", "X-CSRF-Token": "",
        ]
        return Answer(
            try await house.send(
                "POST", "/api/v1/files?machine=invoice&record=\(house.invoice)", headers: headers.merging(more) { $1 },
                body: form))
    }

    @Test func `a form's file is taken under its own name, byte by byte`() async throws {
        try await House.with { house async throws in
            let csrf = SecretToken.forgeryGuard(of: House.session)
            // What looks like the form's own lines is part of the file.
            let pixels = (0..<3_000).map { UInt8($0 % 251) }
            let file = TalkativePictures.png(of: pixels + Array("\r\n------geckoform\r\n\r\n--".utf8) + pixels)
            let sent = try await Self.send(Self.form(csrf: csrf, file: file, name: "C:\\photo.png"), to: house)
            #expect(sent.status == 201)
            #expect(sent["name"]?.text == "photo.png")
            #expect(sent["size_bytes"]?.integer == Int64(file.count))
            // As pages have it, another one each time.
            let masked = Self.form(csrf: SecretToken.masked(csrf), file: Self.png, name: "photo.png")
            #expect(try await Self.send(masked, to: house).status == 201)
            let id = sent["id"]?.text ?? ""
            let link = Answer(try await house.send("POST", "/api/v1/files/\(id)/link"))["url"]?.text ?? ""
            #expect(try await house.send("GET", link).body == file)
        }
    }

    @Test func `a form without the session's token, with another's, or of another origin is refused`() async throws {
        try await House.with { house async throws in
            let csrf = SecretToken.forgeryGuard(of: House.session)
            for sent in [nil, "", SecretToken.forgeryGuard(of: "another")] {
                let form = Self.form(csrf: sent, file: Self.png, name: "photo.png")
                #expect(try await Self.send(form, to: house).status == 403)
            }
            let form = Self.form(csrf: csrf, file: Self.png, name: "photo.png")
            #expect(try await Self.send(form, to: house, ["Origin": "https://evil.example"]).status == 403)
            #expect(try await house.pool.query("SELECT id FROM files WHERE name = 'photo.png'").isEmpty)
        }
    }

    @Test func `a page under the name of a picture and a form that ends in its middle are refused`() async throws {
        try await House.with { house async throws in
            let csrf = SecretToken.forgeryGuard(of: House.session)
            let page = Array("<html><script>alert(1)</script></html>".utf8)
            #expect(
                try await Self.send(Self.form(csrf: csrf, file: page, name: "photo.png"), to: house).code
                    == "file_kind_unknown")
            let half = Self.form(csrf: csrf, file: Self.png, name: "photo.png", isWhole: false)
            #expect(try await Self.send(half, to: house).code == "form_broken")
            #expect(try await Self.send(Array("no form".utf8), to: house).status == 403)
        }
    }
}
