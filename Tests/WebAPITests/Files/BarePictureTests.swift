import Crypto
import Foundation
import HTTPTypes
import Testing

@testable import WebAPI

/// Pictures lose what they tell besides (SEC-11).
@Suite struct BarePictureTests {
    private static let pictures: [(kind: FileKind, bytes: [UInt8], name: String)] = [
        (.jpeg, TalkativePictures.jpeg, "photo.jpg"), (.png, TalkativePictures.png, "photo.png"),
        (.webp, TalkativePictures.webp, "photo.webp"), (.gif, TalkativePictures.gif, "photo.gif"),
    ]
    private static let planted = ["planted", "PlantedMaker", "2026:11:23", "xmpmeta", "Exif", "EXIF", "XMP "]

    private static func tells(_ bytes: [UInt8], _ words: [String] = planted) -> [String] {
        words.filter { bytes.firstRange(of: Array($0.utf8)) != nil }
    }

    @Test func `what is served of a picture has no place, camera or comment, and its digest is of that`() async throws {
        try await SignedInHouse.with { house async throws in
            for (kind, bytes, name) in Self.pictures {
                #expect(!Self.tells(bytes).isEmpty, "nothing is planted in \(name)")
                let path = "/api/v1/files?machine=invoice&record=\(house.invoice)&name=\(name)"
                let sent = try await house.send("POST", path, as: SignedInHouse.alice, body: bytes)
                #expect(sent.status == 201 && sent["mime"]?.text == kind.rawValue, "\(sent.raw.text)")
                let link =
                    try await house.send(
                        "POST", "/api/v1/files/\(sent["id"]?.text ?? "")/link", as: SignedInHouse.alice)["url"]?.text
                    ?? ""
                let got = try await house.send("GET", link, as: SignedInHouse.alice).raw.body
                let digest = SHA256.hash(data: Data(got)).map { String(format: "%02x", $0) }.joined()
                #expect(sent["sha256"]?.text == digest)
                #expect(sent["size_bytes"]?.integer == Int64(got.count))
                #expect(got.count < bytes.count && FileKind(got) == kind)
                #expect(Self.tells(got).filter { kind != .jpeg || $0 != "Exif" } == [], "\(name)")
            }
        }
    }

    @Test func `a photograph stays the right way up, and nothing else is left of what the camera wrote`() throws {
        let bare = try BarePicture.of(TalkativePictures.jpeg, .jpeg)
        let exif = try #require(bare.firstRange(of: Array("Exif\0\0".utf8)))
        #expect(
            bare[exif.upperBound...].prefix(26).elementsEqual([
                0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0,
            ]))
        #expect(bare.suffix(2) == [0xFF, 0xD9])
    }

    @Test func `every pixel's byte is kept, and what is bare already stays as it is`() throws {
        for (kind, bytes, name) in Self.pictures {
            let bare = try BarePicture.of(bytes, kind)
            #expect(try BarePicture.of(bare, kind) == bare, "\(name)")
        }
        let scan = try #require(TalkativePictures.jpeg.firstRange(of: [0xFF, 0xDA]))
        let end = try #require(TalkativePictures.jpeg[scan.lowerBound...].firstRange(of: [0xFF, 0xD9]))
        let pixels = Array(TalkativePictures.jpeg[scan.lowerBound..<end.upperBound])
        #expect(try BarePicture.of(TalkativePictures.jpeg, .jpeg).suffix(pixels.count).elementsEqual(pixels))
        let plain = TalkativePictures.png(of: (0..<9_000).map { UInt8($0 % 251) })
        #expect(try BarePicture.of(plain + [1, 2, 3], .png) == plain)
    }

    @Test func `a picture that is broken off anywhere is refused or bare, and never crashes`() throws {
        for (kind, bytes, _) in Self.pictures {
            for length in 0..<bytes.count {
                guard let bare = try? BarePicture.of(Array(bytes.prefix(length)), kind) else { continue }
                #expect(Self.tells(bare, ["planted", "PlantedMaker", "2026:11:23", "xmpmeta"]) == [])
            }
            var generator = SystemRandomNumberGenerator()
            for _ in 0..<500 {
                var spoilt = bytes
                spoilt[Int.random(in: 0..<spoilt.count, using: &generator)] = .random(in: 0...255, using: &generator)
                _ = try? BarePicture.of(spoilt, kind)
            }
        }
    }

    @Test func `a picture that is none inside is refused`() async throws {
        try await SignedInHouse.with { house async throws in
            let path = "/api/v1/files?machine=invoice&record=\(house.invoice)&name=photo.png"
            let body = Array(TalkativePictures.png.prefix(40)) + Array("<script>".utf8)
            let sent = try await house.send("POST", path, as: SignedInHouse.alice, body: body)
            #expect(sent.status == 415 && sent.code == "file_broken", "\(sent.raw.text)")
        }
    }
}
