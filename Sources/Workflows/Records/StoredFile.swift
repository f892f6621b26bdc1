import Crypto
public import Database
public import Foundation

/// A file that belongs to a record.
///
/// Its bytes are kept in the database for now (`docs/decisions/`).
public struct StoredFile: Sendable {
    /// The file.
    public var id: UUID
    /// The name under which it is offered.
    public var name: String
    /// Its type.
    public var mime: String
    /// The machine of the record it belongs to.
    public var machine: String
    /// The record it belongs to.
    public var record: UUID
    /// What it holds.
    public var content: [UInt8]

    /// Makes a file that is not stored yet.
    public init(name: String, mime: String, machine: String, record: UUID, content: [UInt8]) {
        self.id = UUID.v7()
        (self.name, self.mime, self.machine, self.record) = (name, mime, machine, record)
        self.content = content
    }

    /// Stores a rendered document once: a second one under the same key is dropped.
    ///
    /// - Parameters:
    ///   - file: The document.
    ///   - key: What makes two the same: document, record, version.
    /// - Returns: The statement.
    public static func insert(_ file: StoredFile, key: String) -> SQL {
        """
        INSERT INTO files (id, storage_key, document_key, name, mime, size_bytes, sha256, machine, record_id, content)
        VALUES (\(file.id), \(UUID().uuidString), \(key), \(file.name), \(file.mime), \(file.content.count),
            \(Array(SHA256.hash(data: Data(file.content)))), \(file.machine), \(file.record), \(file.content))
        ON CONFLICT (document_key) DO NOTHING
        """
    }

    /// Finds a rendered document by its key.
    public static func find(key: String) -> SQL {
        "SELECT id, name, mime, machine, record_id, content FROM files WHERE document_key = \(key)"
    }

    /// Finds a file.
    public static func find(_ id: UUID) -> SQL {
        "SELECT id, name, mime, machine, record_id, content FROM files WHERE id = \(id)"
    }

    /// Reads several files, in the order of their ids.
    ///
    /// - Throws: `DatabaseError`.
    public static func all(_ ids: [UUID], in session: Session) throws -> [StoredFile] {
        guard !ids.isEmpty else { return [] }
        let rows = try session.query(
            "SELECT id, name, mime, machine, record_id, content FROM files WHERE id = ANY(\(ids)) ORDER BY id")
        return try rows.map(StoredFile.init)
    }

    /// Reads a row of one of the statements above.
    ///
    /// - Throws: `DatabaseError` when the row is of another shape.
    public init(_ row: Row) throws {
        self.id = try row.value("id")
        self.name = try row.value("name")
        self.mime = try row.value("mime")
        self.machine = try row.value("machine")
        self.record = try row.value("record_id")
        self.content = try row.value("content")
    }
}
