import Crypto
import Database
import Foundation
import Storage
import TestSupport
import Testing
import Workflows

@testable import WebAPI

/// Files that people send, and get back as they were.
@Suite struct FileTests {
    private let alice = SignedInHouse.alice
    private let bob = SignedInHouse.bob
    private static let png = TalkativePictures.png(of: (0..<3_000).map { UInt8($0 % 251) })

    private static func address(_ name: String, of record: UUID) -> String {
        "/api/v1/files?machine=invoice&record=\(record.uuidString.lowercased())&name=\(name)"
    }

    @Test func `a file comes back as it was sent, as an attachment that no browser guesses at`() async throws {
        try await SignedInHouse.with { [alice] house async throws in
            let sent = try await house.send(
                "POST", Self.address("photo.png", of: house.invoice), as: alice,
                headers: ["Content-Type": "text/html"], body: Self.png)
            #expect(sent.status == 201)
            #expect(sent["mime"]?.text == "image/png")
            let digest = SHA256.hash(data: Data(Self.png)).map { String(format: "%02x", $0) }.joined()
            #expect(sent["sha256"]?.text == digest)
            let path = "/api/v1/files/\(sent["id"]?.text ?? "")"
            #expect(sent["size_bytes"]?.integer == Int64(Self.png.count))
            let link = try await house.send("POST", path + "/link", as: alice)["url"]?.text ?? ""
            let got = try await house.send("GET", link, as: alice)
            #expect(got.status == 200)
            #expect(got.raw.body == Self.png)
            #expect(got.raw.headers["content-type"] == "image/png")
            #expect(got.raw.headers["x-content-type-options"] == "nosniff")
            #expect(got.raw.headers["content-disposition"]?.hasPrefix("attachment; filename=\"photo.png\"") == true)
            #expect(got.raw.headers["content-security-policy"]?.hasPrefix("sandbox") == true)
        }
    }

    @Test func `a copied address fails in another session, without one, and when it is changed`() async throws {
        try await SignedInHouse.with { [alice, bob] house async throws in
            let sent = try await house.send(
                "POST", Self.address("photo.png", of: house.invoice), as: alice, body: Self.png)
            let path = "/api/v1/files/\(sent["id"]?.text ?? "")"
            let link = try await house.send("POST", path + "/link", as: alice)["url"]?.text ?? ""
            #expect(try await house.send("POST", path + "/link", as: bob).status == 200)
            #expect(try await house.send("GET", link, as: bob).code == "link_invalid")
            #expect(try await house.send("GET", link).status == 401)
            #expect(
                try await house.send("GET", link.replacing("expires=1", with: "expires=2"), as: alice).code
                    == "link_invalid")
        }
    }

    @Test func `what is not of a kind that is taken is refused, whatever it is called`() async throws {
        try await SignedInHouse.with { [alice] house async throws in
            func code(_ name: String, _ body: [UInt8]) async throws -> String? {
                try await house.send("POST", Self.address(name, of: house.invoice), as: alice, body: body).code
            }
            #expect(
                try await code("picture.png", Array("<html><script>alert(1)</script></html>".utf8))
                    == "file_kind_unknown")
            #expect(try await code("picture.png", []) == "file_kind_unknown")
            #expect(try await code("page.html", Self.png) == "file_misnamed")
            #expect(try await code("letter.pdf", Self.png) == "file_misnamed")
            let large = Self.png + [UInt8](repeating: 0, count: 10 << 20)
            #expect(try await code("picture.png", large) == "too_large")
            let rows = try await house.pool.query("SELECT id FROM files WHERE kept_in = 'disk'")
            #expect(rows.isEmpty)
        }
    }

    @Test func `a file of a record that one may not see does not exist`() async throws {
        try await SignedInHouse.with { [alice] house async throws in
            let stranger = try await house.send("POST", Self.address("a.png", of: UUID()), as: alice, body: Self.png)
            #expect(stranger.status == 404)
            #expect(try await house.send("POST", "/api/v1/files/\(UUID())/link", as: alice).status == 404)
            #expect(
                try await house.send("POST", Self.address("a.png", of: house.invoice), body: Self.png).status == 401)
        }
    }

    @Test func `a file goes to S3 where that is set up, and comes back through the same door`() async throws {
        let server = try await S3Server()
        defer { server.stop() }
        let folder = FileManager.default.temporaryDirectory.appending(path: "drizzl-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let bucket = Bucket(
            endpoint: server.endpoint, name: "files", region: "eu-central-1", accessKey: server.accessKey,
            secretKey: server.secretKey)
        let stores = FileStores(directory: folder, objects: ObjectFileStore(bucket: bucket, now: { Date() }))
        // More than is fetched at once.
        let png = TalkativePictures.png(of: [UInt8](repeating: 7, count: 3 << 20))
        try await SignedInHouse.with(files: stores) { [alice] house async throws in
            let sent = try await house.send(
                "POST", Self.address("photo.png", of: house.invoice), as: alice, body: png)
            #expect(sent.status == 201)
            let path = "/api/v1/files/\(sent["id"]?.text ?? "")"
            let link = try await house.send("POST", path + "/link", as: alice)["url"]?.text ?? ""
            #expect(try await house.send("GET", link, as: alice).raw.body == png)
            let kept = try await house.pool.query("SELECT kept_in FROM files WHERE name = 'photo.png'")
            #expect(try kept.first?.value("kept_in") == "s3")
            // Nothing is left of what arrived.
            #expect(try FileManager.default.contentsOfDirectory(atPath: stores.drafts.path).isEmpty)
        }
    }

    @Test func `a file that was sent can be read by whoever needs it for a mail`() async throws {
        try await SignedInHouse.with { [alice] house async throws in
            let sent = try await house.send(
                "POST", Self.address("photo.png", of: house.invoice), as: alice, body: Self.png)
            let id = try #require(sent["id"]?.text.flatMap { UUID(uuidString: $0) })
            let files = try await house.pool.run { session in try StoredFile.all([id], in: session) }
            #expect(try await files.first?.bytes(from: house.files) == Self.png)
            let found = try await house.pool.query(StoredFile.find(id)).first.map { try StoredFile($0) }
            #expect(found?.name == "photo.png")
        }
    }

    @Test func `every kind is told by its beginning`() {
        let known: [(FileKind, [UInt8])] = [
            (.jpeg, [0xFF, 0xD8, 0xFF, 0xE0]), (.gif, Array("GIF89a".utf8)), (.webp, Array("RIFF....WEBPVP8 ".utf8)),
            (.wav, Array("RIFF....WAVEfmt ".utf8)), (.pdf, Array("%PDF-1.7".utf8)),
            (.oggAudio, Array("OggS....OpusHead".utf8)), (.oggVideo, Array("OggS....theora".utf8)),
            (.webm, [0x1A, 0x45, 0xDF, 0xA3] + Array("....webm".utf8)), (.mp4Audio, Array("....ftypM4A ".utf8)),
            (.mp4Video, Array("....ftypisom".utf8)),
        ]
        for (kind, head) in known { #expect(FileKind(head) == kind) }
        for text in ["", "<svg xmlns", "PK..", "#!/bin/sh", "MZ"] { #expect(FileKind(Array(text.utf8)) == nil) }
    }
}
