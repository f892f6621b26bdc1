/// A value that can be read from a column.
public protocol SQLDecodable {
    /// Reads the value from the binary form in which the server sent it.
    ///
    /// - Parameter column: The column's value, never `NULL`; valid only during this call.
    /// - Throws: ``DatabaseError`` of kind `decoding` when the column has another type.
    init(sql column: SQLColumn) throws(DatabaseError)
}

/// One value of a row in PostgreSQL's binary form.
///
/// Valid only while ``SQLDecodable/init(sql:)`` runs: `bytes` points into the result.
public struct SQLColumn {
    /// The column's name, for messages.
    public let name: String
    /// The PostgreSQL type, by its object id.
    public let oid: UInt32
    /// The value as the server sent it.
    public let bytes: UnsafeRawBufferPointer

    /// The days between 2000-01-01 and the `date` in this column, for calendar types of other modules to build on.
    public var daysSince2000: Int32 {
        get throws(DatabaseError) {
            try require(TypeOID.date, as: "a calendar date")
            let days: Int32 = try integer()
            guard days != .max, days != .min else { throw failure("holds an infinite date") }
            return days
        }
    }

    /// Refuses the column unless it is of the type that the Swift type reads.
    func require(_ expected: UInt32, as type: String) throws(DatabaseError) {
        guard oid == expected else { throw mismatch(type) }
    }

    func mismatch(_ type: String) -> DatabaseError {
        failure("is of the PostgreSQL type with oid \(oid), which is not read as \(type); cast it in the statement")
    }

    /// Says what is wrong with this column, without its value.
    func failure(_ reason: String) -> DatabaseError {
        DatabaseError(kind: .decoding, message: "column \"\(name)\" \(reason)", column: name)
    }

    /// Reads a big-endian integer that fills the column.
    func integer<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) throws(DatabaseError) -> Value {
        guard bytes.count == MemoryLayout<Value>.size else { throw failure("has a value of unexpected length") }
        return Value(bigEndian: bytes.loadUnaligned(as: Value.self))
    }

    /// Reads a big-endian integer at an offset that the caller knows to be inside.
    func integer<Value: FixedWidthInteger>(at offset: Int, _ type: Value.Type = Value.self) throws(DatabaseError)
        -> Value
    {
        guard offset >= 0, offset + MemoryLayout<Value>.size <= bytes.count else {
            throw failure("has a value of unexpected length")
        }
        return Value(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
    }
}
