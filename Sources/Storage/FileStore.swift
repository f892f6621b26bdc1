public import Foundation

/// Where the bytes of files are kept that are not in the database.
public protocol FileStore: Sendable {
    /// Keeps a file under a key; when it throws, nothing is kept.
    ///
    /// - Parameters:
    ///   - draft: The file, whole; whoever calls removes what is left of it.
    ///   - measure: What is known of it.
    ///   - key: A random key, of letters and digits.
    /// - Throws: ``StorageError``.
    func keep(_ draft: URL, _ measure: FileMeasure, as key: String) async throws

    /// How many bytes are kept under a key.
    ///
    /// - Throws: ``StorageError``.
    func size(of key: String) async throws -> Int

    /// Reads a part.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - range: Which bytes; the file has them all.
    /// - Returns: The bytes.
    /// - Throws: ``StorageError``.
    func read(_ key: String, _ range: Range<Int>) async throws -> [UInt8]

    /// Forgets what is kept under a key, if anything is.
    ///
    /// - Throws: ``StorageError``.
    func remove(_ key: String) async throws
}

/// What is known of a file before it is kept.
public struct FileMeasure: Sendable {
    /// How many bytes it has.
    public var size: Int
    /// The SHA-256 of all of them.
    public var sha256: [UInt8]

    /// Tells what is known.
    public init(size: Int, sha256: [UInt8]) { (self.size, self.sha256) = (size, sha256) }
}

extension FileStore {
    /// Reads a whole file, which has to be small enough for memory.
    ///
    /// - Throws: ``StorageError``.
    public func all(of key: String) async throws -> [UInt8] {
        try await read(key, 0..<(try await size(of: key)))
    }
}

/// Why a file could not be kept or read.
public struct StorageError: Error, CustomStringConvertible {
    /// A sentence, without keys or secrets.
    public let description: String
    /// Whether there is nothing under the key.
    public let isMissing: Bool

    init(_ description: String, isMissing: Bool = false) {
        (self.description, self.isMissing) = (description, isMissing)
    }
}
