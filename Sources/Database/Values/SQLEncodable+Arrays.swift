public import Foundation

/// A value that can stand in an array bound to a statement.
///
/// `UInt8` is the odd one: an array of it is a `bytea`, not a PostgreSQL array.
public protocol SQLArrayElement: Sendable {
    /// The PostgreSQL type of an array of these, by its object id.
    static var arrayOID: UInt32 { get }
    /// Turns an array of these into the value that travels.
    static func arrayParameter(_ elements: [Self]) -> SQLParameter
}

extension Array: SQLEncodable where Element: SQLArrayElement {
    /// The type of an array of these elements.
    public static var oid: UInt32 { Element.arrayOID }
    /// The array as it goes to the server.
    public var sqlParameter: SQLParameter { Element.arrayParameter(self) }
}

extension SQLArrayElement where Self: SQLEncodable {
    /// Writes a PostgreSQL array literal.
    public static func arrayParameter(_ elements: [Self]) -> SQLParameter {
        .text(ArrayText.literal(elements.lazy.map(\.sqlParameter.asText)), oid: arrayOID)
    }
}

extension Optional: SQLArrayElement where Wrapped: SQLArrayElement & SQLEncodable {
    /// The array type of the wrapped value.
    public static var arrayOID: UInt32 { Wrapped.arrayOID }
}

extension UInt8: SQLArrayElement {
    /// `bytea`: bytes in a row are no PostgreSQL array.
    public static var arrayOID: UInt32 { TypeOID.bytea }
    /// Binds the bytes as they are.
    public static func arrayParameter(_ elements: [UInt8]) -> SQLParameter { .bytes(elements) }
}

extension [UInt8]: SQLArrayElement {
    /// `bytea[]`.
    public static var arrayOID: UInt32 { TypeOID.byteaArray }
}

extension String: SQLArrayElement {
    /// `text[]`; cast it in the statement where another type is meant.
    public static var arrayOID: UInt32 { TypeOID.textArray }
}

extension Bool: SQLArrayElement {
    /// `boolean[]`.
    public static var arrayOID: UInt32 { TypeOID.boolArray }
}

extension Int: SQLArrayElement {
    /// `bigint[]`.
    public static var arrayOID: UInt32 { TypeOID.int8Array }
}

extension Int64: SQLArrayElement {
    /// `bigint[]`.
    public static var arrayOID: UInt32 { TypeOID.int8Array }
}

extension Int32: SQLArrayElement {
    /// `integer[]`.
    public static var arrayOID: UInt32 { TypeOID.int4Array }
}

extension Int16: SQLArrayElement {
    /// `smallint[]`.
    public static var arrayOID: UInt32 { TypeOID.int2Array }
}

extension Double: SQLArrayElement {
    /// `double precision[]`.
    public static var arrayOID: UInt32 { TypeOID.float8Array }
}

extension UUID: SQLArrayElement {
    /// `uuid[]`.
    public static var arrayOID: UInt32 { TypeOID.uuidArray }
}

extension Date: SQLArrayElement {
    /// `timestamptz[]`.
    public static var arrayOID: UInt32 { TypeOID.timestamptzArray }
}

extension JSON: SQLArrayElement {
    /// `jsonb[]`.
    public static var arrayOID: UInt32 { TypeOID.jsonbArray }
}

/// PostgreSQL's array literals.
enum ArrayText {
    /// Every element is quoted, so that none can be taken for `NULL` or for a separator.
    static func literal(_ elements: some Sequence<String?>) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "{")]
        for element in elements {
            if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
            guard let element else {
                bytes.append(contentsOf: "NULL".utf8)
                continue
            }
            bytes.append(UInt8(ascii: "\""))
            for byte in element.utf8 {
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { bytes.append(UInt8(ascii: "\\")) }
                bytes.append(byte)
            }
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(UInt8(ascii: "}"))
        return String(decoding: bytes, as: UTF8.self)
    }
}
