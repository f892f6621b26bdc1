public import Foundation

/// A file that is just arriving.
public struct FileDraft: Sendable {
    /// Where it is.
    public let url: URL
    private let handle: FileHandle
    /// One at a time, so that parts stay in order.
    private let threads = BlockingWork(atOnce: 1)

    init(in folder: URL) async throws {
        let url = folder.appending(path: UUID().uuidString)
        self.url = url
        handle = try await threads.run {
            try DiskFileStore.makeFolder(folder)
            guard
                FileManager.default.createFile(
                    atPath: url.path, contents: nil, attributes: [.posixPermissions: 0o600]),
                let handle = FileHandle(forWritingAtPath: url.path)
            else { throw StorageError("No file can be made in the folder of files.") }
            return handle
        }
    }

    /// Writes what comes next.
    ///
    /// - Throws: `CocoaError`, such as when the disk is full.
    public func append(_ bytes: [UInt8]) async throws {
        try await threads.run { [handle] in try handle.write(contentsOf: Data(bytes)) }
    }

    /// Puts other bytes in the place of those that have arrived.
    ///
    /// - Parameter change: Makes them of those; called on a thread of its own, for it may take a while.
    /// - Returns: The bytes that are in the file now.
    /// - Throws: What the change throws; `CocoaError`.
    public func rewrite(_ change: @escaping @Sendable ([UInt8]) throws -> [UInt8]) async throws -> [UInt8] {
        try await threads.run { [handle, url] in
            let bytes = try change(Array(try Data(contentsOf: url)))
            try handle.truncate(atOffset: 0)
            try handle.write(contentsOf: Data(bytes))
            return bytes
        }
    }

    /// Closes the file, and removes what has not been kept.
    public func remove() async {
        _ = try? await threads.run { [handle, url] in
            try? handle.close()
            try? FileManager.default.removeItem(at: url)
        }
    }
}
