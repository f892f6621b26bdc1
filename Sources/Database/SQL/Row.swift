internal import CLibPQ

/// What one statement gave back.
public struct StatementResult: Sendable {
    /// The rows, in the server's order; empty for a statement without `RETURNING`.
    public let rows: [Row]
    /// How many rows were selected, inserted, updated or deleted.
    public let affectedRows: Int
}

/// One row of a result, read by column name.
///
/// It shares the memory of the whole result, which lives until the last of its rows is gone.
public struct Row: Sendable {
    let storage: ResultStorage
    let index: Int32

    /// The names of the columns, in order.
    public var columnNames: [String] { storage.layout.names }

    /// Reads a column that is not `NULL`.
    ///
    /// - Parameters:
    ///   - name: The column's name as the statement spells it, in lower case unless quoted there.
    ///   - type: The type to read; usually told by where the value goes.
    /// - Returns: The value.
    /// - Throws: ``DatabaseError`` of kind `decoding` when there is no such column, it is `NULL` or of another type.
    public func value<Value: SQLDecodable>(
        _ name: String, as type: Value.Type = Value.self
    ) throws(DatabaseError) -> Value {
        guard let value = try optional(name, as: type) else {
            throw DatabaseError(kind: .decoding, message: "column \"\(name)\" is NULL", column: name)
        }
        return value
    }

    /// Reads a column that may be `NULL`.
    ///
    /// - Parameters:
    ///   - name: The column's name as the statement spells it, in lower case unless quoted there.
    ///   - type: The type to read; usually told by where the value goes.
    /// - Returns: The value, or `nil` for `NULL`.
    /// - Throws: ``DatabaseError`` of kind `decoding` when there is no such column or it is of another type.
    public func optional<Value: SQLDecodable>(
        _ name: String, as type: Value.Type = Value.self
    ) throws(DatabaseError) -> Value? {
        guard let column = storage.layout.position(of: name) else {
            let known = storage.layout.names.joined(separator: ", ")
            throw DatabaseError(
                kind: .decoding, message: "there is no column \"\(name)\" among: \(known)", column: name)
        }
        guard PQgetisnull(storage.result, index, column) == 0 else { return nil }
        let bytes = UnsafeRawBufferPointer(
            start: PQgetvalue(storage.result, index, column),
            count: Int(PQgetlength(storage.result, index, column)))
        return try Value(sql: SQLColumn(name: name, oid: storage.layout.oids[Int(column)], bytes: bytes))
    }
}

/// The columns of a result: their names, types and where they stand.
final class RowLayout: Sendable {
    let names: [String]
    let oids: [UInt32]

    init(result: OpaquePointer) {
        let columns = 0..<PQnfields(result)
        names = columns.map { String(cString: PQfname(result, $0)) }
        oids = columns.map { PQftype(result, $0) }
    }

    /// Where a column stands; of two with one name the first counts, as in most clients.
    ///
    /// Short names are compared by two words each, which takes less than to hash one of them.
    func position(of name: String) -> Int32? { names.firstIndex(of: name).map(Int32.init) }

    /// Whether it still describes a later result of the same prepared statement.
    func fits(_ result: OpaquePointer) -> Bool {
        guard PQnfields(result) == Int32(oids.count) else { return false }
        return oids.indices.allSatisfy { PQftype(result, Int32($0)) == oids[$0] }
    }
}

/// Owns a libpq result.
///
/// Unchecked: a `PGresult` is not changed after libpq has handed it out, and reading it is thread-safe.
final class ResultStorage: @unchecked Sendable {
    let result: OpaquePointer
    let layout: RowLayout

    init(result: OpaquePointer, layout: RowLayout) {
        self.result = result
        self.layout = layout
    }

    deinit { PQclear(result) }
}
