public import Foundation
import Hummingbird
public import HummingbirdCore
public import NIOCore

/// Where the bytes of files are that people have sent.
public protocol FileStore: Sendable {
    /// Keeps what comes under a key; when it throws, nothing is kept.
    ///
    /// - Parameters:
    ///   - content: The bytes.
    ///   - key: A random key, of letters and digits.
    ///   - context: The request's.
    /// - Throws: What the content throws; what writing throws.
    func keep<Content: AsyncSequence & Sendable>(
        _ content: Content, as key: String, for context: DoorContext
    ) async throws where Content.Element == ByteBuffer

    /// The bytes that are kept under a key.
    func content(of key: String, for context: DoorContext) async throws -> ResponseBody

    /// Forgets what is kept under a key.
    func remove(_ key: String) async
}

/// Keeps files in a folder of this machine, which nothing serves.
public struct DiskFileStore: FileStore {
    private let directory: URL
    private let files = FileIO()

    /// Makes a store.
    ///
    /// - Parameter directory: The folder; it is made when the first file comes. Processes that serve the same people
    ///   have to share it.
    public init(directory: URL) {
        self.directory = directory
    }

    /// Writes a file beside its place and moves it there when it is whole.
    public func keep<Content: AsyncSequence & Sendable>(
        _ content: Content, as key: String, for context: DoorContext
    ) async throws where Content.Element == ByteBuffer {
        let place = place(of: key)
        let draft = place.appendingPathExtension("draft")
        try FileManager.default.createDirectory(
            at: place.deletingLastPathComponent(), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        do {
            try await files.writeFile(contents: content, path: draft.path, context: context)
            try FileManager.default.moveItem(at: draft, to: place)
        } catch {
            try? FileManager.default.removeItem(at: draft)
            throw error
        }
    }

    /// The file, read as it is sent.
    public func content(of key: String, for context: DoorContext) async throws -> ResponseBody {
        try await files.loadFile(path: place(of: key).path, context: context)
    }

    /// Removes the file, if it is there.
    public func remove(_ key: String) async {
        try? FileManager.default.removeItem(at: place(of: key))
    }

    /// Keys are ours and random; two letters of each make folders of bearable size.
    private func place(of key: String) -> URL {
        directory.appending(path: String(key.prefix(2))).appending(path: key)
    }
}
