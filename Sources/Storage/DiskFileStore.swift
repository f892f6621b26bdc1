public import Foundation

/// Keeps files in a folder of this machine, which nothing serves.
public struct DiskFileStore: FileStore {
    private let directory: URL
    private let threads = BlockingWork()

    /// Makes a store.
    ///
    /// - Parameter directory: The folder; it is made when the first file comes. Processes that serve the same people
    ///   have to share it.
    public init(directory: URL) { self.directory = directory }

    /// Moves the file to its place, so that it is there whole or not at all.
    public func keep(_ draft: URL, _ measure: FileMeasure, as key: String) async throws {
        let place = place(of: key)
        try await threads.run {
            try Self.makeFolder(place.deletingLastPathComponent())
            try FileManager.default.moveItem(at: draft, to: place)
        }
    }

    /// The length of the file.
    public func size(of key: String) async throws -> Int {
        let path = place(of: key).path
        return try await threads.run {
            guard let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int else {
                throw StorageError("The file is not in its folder.", isMissing: true)
            }
            return size
        }
    }

    /// A part of the file.
    public func read(_ key: String, _ range: Range<Int>) async throws -> [UInt8] {
        let place = place(of: key)
        return try await threads.run {
            guard let file = try? FileHandle(forReadingFrom: place) else {
                throw StorageError("The file is not in its folder.", isMissing: true)
            }
            defer { try? file.close() }
            try file.seek(toOffset: UInt64(range.lowerBound))
            let bytes = try file.read(upToCount: range.count) ?? Data()
            guard bytes.count == range.count else { throw StorageError("The file is shorter than it was.") }
            return Array(bytes)
        }
    }

    /// Removes the file, if it is there.
    public func remove(_ key: String) async throws {
        let place = place(of: key)
        try await threads.run { try? FileManager.default.removeItem(at: place) }
    }

    static func makeFolder(_ folder: URL) throws {
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    /// Keys are ours and random; two letters of each make folders of bearable size.
    private func place(of key: String) -> URL {
        directory.appending(path: String(key.prefix(2))).appending(path: key)
    }
}
