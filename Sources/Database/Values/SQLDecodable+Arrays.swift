public import Foundation

/// A value that can be read out of a PostgreSQL array; `UInt8` reads a `bytea` instead.
public protocol SQLDecodableArrayElement {
    /// Reads a whole column as an array of these.
    static func array(sql column: SQLColumn) throws(DatabaseError) -> [Self]
}

extension Array: SQLDecodable where Element: SQLDecodableArrayElement {
    /// Reads an array of one dimension (or an empty one); for `[UInt8]`, a `bytea`.
    public init(sql column: SQLColumn) throws(DatabaseError) { self = try Element.array(sql: column) }
}

extension SQLDecodableArrayElement where Self: SQLDecodable {
    /// Reads an array without `NULL`s; read optional elements where there may be some.
    public static func array(sql column: SQLColumn) throws(DatabaseError) -> [Self] {
        try ArrayBinary.decode(column) { element throws(DatabaseError) in
            guard let element else { throw column.failure("has a NULL in its array") }
            return try Self(sql: element)
        }
    }
}

extension Optional: SQLDecodableArrayElement where Wrapped: SQLDecodable & SQLDecodableArrayElement {
    /// Reads an array that may have `NULL`s in it.
    public static func array(sql column: SQLColumn) throws(DatabaseError) -> [Wrapped?] {
        try ArrayBinary.decode(column) { element throws(DatabaseError) in
            guard let element else { return nil }
            return try Wrapped(sql: element)
        }
    }
}

extension UInt8: SQLDecodableArrayElement {
    /// Reads a `bytea`.
    public static func array(sql column: SQLColumn) throws(DatabaseError) -> [UInt8] {
        try column.require(TypeOID.bytea, as: "[UInt8]")
        return Array(column.bytes)
    }
}

extension [UInt8]: SQLDecodableArrayElement {}
extension Bool: SQLDecodableArrayElement {}
extension Int: SQLDecodableArrayElement {}
extension Int64: SQLDecodableArrayElement {}
extension Int32: SQLDecodableArrayElement {}
extension Int16: SQLDecodableArrayElement {}
extension Double: SQLDecodableArrayElement {}
extension String: SQLDecodableArrayElement {}
extension JSON: SQLDecodableArrayElement {}
extension UUID: SQLDecodableArrayElement {}
extension Date: SQLDecodableArrayElement {}

/// PostgreSQL's binary arrays: dimensions, flags, element type, then per dimension length and lower bound, then each
/// element's length (−1 for `NULL`) and bytes.
private enum ArrayBinary {
    /// The array types that are read.
    ///
    /// Others share the layout, but then an unknown column would pass unnoticed.
    private static let known: Set<UInt32> = [
        TypeOID.boolArray, TypeOID.byteaArray, TypeOID.int2Array, TypeOID.int4Array, TypeOID.textArray,
        TypeOID.int8Array, TypeOID.float8Array, TypeOID.timestamptzArray, TypeOID.uuidArray, TypeOID.jsonbArray,
        TypeOID.varcharArray, TypeOID.nameArray, TypeOID.numericArray, TypeOID.dateArray,
    ]

    static func decode<Element>(
        _ column: SQLColumn, element: (SQLColumn?) throws(DatabaseError) -> Element
    ) throws(DatabaseError) -> [Element] {
        guard known.contains(column.oid) else { throw column.mismatch("an array") }
        let dimensions = try column.integer(at: 0, Int32.self)
        guard dimensions > 0 else { return [] }
        guard dimensions == 1 else { throw column.failure("has an array of more than one dimension") }
        let elementOID = try column.integer(at: 8, UInt32.self)
        let count = try column.integer(at: 12, Int32.self)
        var offset = 20
        var elements: [Element] = []
        elements.reserveCapacity(Int(count))
        for _ in 0..<count {
            let length = Int(try column.integer(at: offset, Int32.self))
            offset += 4
            guard length >= 0 else {
                elements.append(try element(nil))
                continue
            }
            guard offset + length <= column.bytes.count else { throw column.failure("has an array cut short") }
            let bytes = UnsafeRawBufferPointer(rebasing: column.bytes[offset..<offset + length])
            elements.append(try element(SQLColumn(name: column.name, oid: elementOID, bytes: bytes)))
            offset += length
        }
        return elements
    }
}
