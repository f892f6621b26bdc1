import Crypto
public import Database
public import Foundation
public import Storage

/// A file that belongs to a record.
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
    /// Where its bytes are.
    public var content: Content

    /// Where the bytes of a file are: what the house renders is in the database, what people send is not.
    public enum Content: Sendable {
        /// Here, as they come from the database.
        case here([UInt8])
        /// In a store, under a key.
        case kept(FileStores.Place, key: String)
    }

    /// Makes a file that is not stored yet.
    public init(name: String, mime: String, machine: String, record: UUID, content: [UInt8]) {
        self.id = UUID.v7()
        (self.name, self.mime, self.machine, self.record) = (name, mime, machine, record)
        self.content = .here(content)
    }

    /// What it holds.
    ///
    /// - Parameter stores: Where files are that are not in the database.
    /// - Returns: All of its bytes.
    /// - Throws: `StorageError`.
    public func bytes(from stores: FileStores) async throws -> [UInt8] {
        switch content {
        case .here(let bytes): bytes
        case .kept(let place, let key): try await stores.store(in: place).all(of: key)
        }
    }

    /// Stores a rendered document once: a second one under the same key is dropped.
    ///
    /// - Parameters:
    ///   - file: The document.
    ///   - key: What makes two the same: document, record, version.
    /// - Returns: The statement.
    public static func insert(_ file: StoredFile, key: String) -> SQL {
        guard case .here(let content) = file.content else {
            preconditionFailure("a file that is kept in a store is in the table already")
        }
        return """
            INSERT INTO files (id, storage_key, document_key, name, mime, size_bytes, sha256, machine, record_id, content)
            VALUES (\(file.id), \(UUID().uuidString), \(key), \(file.name), \(file.mime), \(content.count),
                \(Array(SHA256.hash(data: Data(content)))), \(file.machine), \(file.record), \(content))
            ON CONFLICT (document_key) DO NOTHING
            """
    }

    /// Finds a rendered document by its key.
    public static func find(key: String) -> SQL {
        "SELECT \(columns) FROM files WHERE document_key = \(key)"
    }

    /// Finds a file.
    public static func find(_ id: UUID) -> SQL {
        "SELECT \(columns) FROM files WHERE id = \(id)"
    }

    private static let columns: SQL = "id, name, mime, machine, record_id, content, kept_in, storage_key"

    /// Reads several files, in the order of their ids.
    ///
    /// - Throws: `DatabaseError`.
    public static func all(_ ids: [UUID], in session: Session) throws -> [StoredFile] {
        guard !ids.isEmpty else { return [] }
        let rows = try session.query(
            "SELECT \(columns) FROM files WHERE id = ANY(\(ids)) ORDER BY id")
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
        if let place = FileStores.Place(rawValue: try row.value("kept_in")) {
            self.content = .kept(place, key: try row.value("storage_key"))
        } else {
            self.content = .here(try row.value("content"))
        }
    }
}
