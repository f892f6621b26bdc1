public import Foundation

/// A value that can stand in an array bound to a statement.
///
/// `UInt8` is the odd one: an array of it is a `bytea`, not a PostgreSQL array.
public protocol SQLArrayElement: Sendable {
    /// The PostgreSQL type of an array of these, by its object id.
    static var arrayOID: UInt32 { get }
    /// Turns an array of these into the value that travels.
    static func arrayParameter(_ elements: [Self]) -> SQLParameter
    /// Writes the value into an array; ``BinaryArray`` says how.
    func append(to array: inout BinaryArray)
}

extension Array: SQLEncodable where Element: SQLArrayElement {
    /// The type of an array of these elements.
    public static var oid: UInt32 { Element.arrayOID }
    /// The array as it goes to the server.
    public var sqlParameter: SQLParameter { Element.arrayParameter(self) }
}

extension SQLArrayElement where Self: SQLEncodable {
    /// Writes a PostgreSQL array in binary form: neither side has to quote and to look for quotes.
    public static func arrayParameter(_ elements: [Self]) -> SQLParameter {
        var array = BinaryArray(of: arrayOID, count: elements.count)
        for element in elements { element.append(to: &array) }
        return .array(array, oid: arrayOID) { ArrayText.literal(elements.lazy.map(\.sqlParameter.asText)) }
    }
}

extension Optional: SQLArrayElement where Wrapped: SQLArrayElement & SQLEncodable {
    /// The array type of the wrapped value.
    public static var arrayOID: UInt32 { Wrapped.arrayOID }
    /// Writes the wrapped value, or a `NULL`.
    public func append(to array: inout BinaryArray) {
        if let self { self.append(to: &array) } else { array.appendNull() }
    }
}

extension UInt8: SQLArrayElement {
    /// `bytea`: bytes in a row are no PostgreSQL array.
    public static var arrayOID: UInt32 { TypeOID.bytea }
    /// Binds the bytes as they are.
    public static func arrayParameter(_ elements: [UInt8]) -> SQLParameter { .bytes(elements) }
    /// Writes the byte alone; ``arrayParameter(_:)`` binds many without it.
    public func append(to array: inout BinaryArray) { array.append(integer: self) }
}

extension [UInt8]: SQLArrayElement {
    /// `bytea[]`.
    public static var arrayOID: UInt32 { TypeOID.byteaArray }
    /// Writes the bytes as they are.
    public func append(to array: inout BinaryArray) { array.append(bytes: self) }
}

extension String: SQLArrayElement {
    /// `text[]`; cast it in the statement where another type is meant.
    public static var arrayOID: UInt32 { TypeOID.textArray }
    /// Writes the text in UTF-8.
    public func append(to array: inout BinaryArray) { array.append(bytes: utf8) }
}

extension Bool: SQLArrayElement {
    /// `boolean[]`.
    public static var arrayOID: UInt32 { TypeOID.boolArray }
    /// Writes a byte.
    public func append(to array: inout BinaryArray) { array.append(integer: self ? 1 as UInt8 : 0) }
}

extension Int: SQLArrayElement {
    /// `bigint[]`.
    public static var arrayOID: UInt32 { TypeOID.int8Array }
    /// Writes eight bytes.
    public func append(to array: inout BinaryArray) { array.append(integer: Int64(self)) }
}

extension Int64: SQLArrayElement {
    /// `bigint[]`.
    public static var arrayOID: UInt32 { TypeOID.int8Array }
    /// Writes eight bytes.
    public func append(to array: inout BinaryArray) { array.append(integer: self) }
}

extension Int32: SQLArrayElement {
    /// `integer[]`.
    public static var arrayOID: UInt32 { TypeOID.int4Array }
    /// Writes four bytes.
    public func append(to array: inout BinaryArray) { array.append(integer: self) }
}

extension Int16: SQLArrayElement {
    /// `smallint[]`.
    public static var arrayOID: UInt32 { TypeOID.int2Array }
    /// Writes two bytes.
    public func append(to array: inout BinaryArray) { array.append(integer: self) }
}

extension Double: SQLArrayElement {
    /// `double precision[]`.
    public static var arrayOID: UInt32 { TypeOID.float8Array }
    /// Writes its bits.
    public func append(to array: inout BinaryArray) { array.append(integer: bitPattern) }
}

extension UUID: SQLArrayElement {
    /// `uuid[]`.
    public static var arrayOID: UInt32 { TypeOID.uuidArray }
    /// Writes sixteen bytes.
    public func append(to array: inout BinaryArray) { withUnsafeBytes(of: uuid) { array.append(bytes: $0) } }
}

extension Date: SQLArrayElement {
    /// `timestamptz[]`.
    public static var arrayOID: UInt32 { TypeOID.timestamptzArray }
    /// Writes microseconds.
    public func append(to array: inout BinaryArray) { array.append(integer: TimestampText.microsecondsSince2000(self)) }
}

extension JSON: SQLArrayElement {
    /// `jsonb[]`.
    public static var arrayOID: UInt32 { TypeOID.jsonbArray }
    /// Writes the version of the form, and the text.
    public func append(to array: inout BinaryArray) { array.append(bytes: text.utf8, after: 1) }
}
