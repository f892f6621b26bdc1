import Crypto
import Foundation
import TestSupport
import Testing

@testable import Storage

/// Files as objects, by a server that others have written.
@Suite struct ObjectFileStoreTests {
    private static let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }

    private static func store(_ server: S3Server, secretKey: String? = nil, bucket: String = "files") -> ObjectFileStore
    {
        ObjectFileStore(
            bucket: Bucket(
                endpoint: server.endpoint, name: bucket, region: "eu-central-1", accessKey: server.accessKey,
                secretKey: secretKey ?? server.secretKey),
            now: { Date() })
    }

    private static func keep(_ content: [UInt8], as key: String, in store: ObjectFileStore) async throws {
        let draft = try await FileDraft(in: .temporaryDirectory)
        do {
            try await draft.append(content)
            try await store.keep(
                draft.url, FileMeasure(size: content.count, sha256: Array(SHA256.hash(data: Data(content)))), as: key)
        } catch {
            await draft.remove()
            throw error
        }
        await draft.remove()
    }

    @Test func `a file comes back as it was kept, whole and in parts, until it is removed`() async throws {
        let server = try await S3Server()
        defer { server.stop() }
        let store = Self.store(server)
        try await Self.keep(Self.content, as: "ab12", in: store)
        #expect(try await store.size(of: "ab12") == Self.content.count)
        #expect(try await store.all(of: "ab12") == Self.content)
        #expect(try await store.read("ab12", 1_000..<70_000) == Array(Self.content[1_000..<70_000]))
        try await store.remove("ab12")
        for _ in 0..<2 {
            let error = await #expect(throws: StorageError.self) { try await store.all(of: "ab12") }
            #expect(error?.isMissing == true)
            try await store.remove("ab12")
        }
    }

    @Test func `a wrong key, a missing bucket and a missing server are told apart, without the key`() async throws {
        let server = try await S3Server()
        defer { server.stop() }
        func fault(_ store: ObjectFileStore) async -> String {
            do {
                try await Self.keep([1, 2, 3], as: "ab12", in: store)
                return ""
            } catch { return "\(error)" }
        }
        #expect(
            await fault(Self.store(server, secretKey: "wrong"))
                == "The object store answered 403 (SignatureDoesNotMatch).")
        #expect(await fault(Self.store(server, bucket: "others")).hasPrefix("The object store answered 403"))
        server.stop()
        #expect(await fault(Self.store(server)).hasPrefix("The object store cannot be reached"))
    }
}
