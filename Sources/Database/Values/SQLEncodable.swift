/// A value that can be bound to a statement.
///
/// The type says which PostgreSQL type it is, so that a statement means the same whatever value is bound; `String`
/// leaves that to the server, so that it fits enumerations, dates, numbers and names as well.
public protocol SQLEncodable: Sendable {
    /// The PostgreSQL type, by its object id; 0 lets the server infer it.
    static var oid: UInt32 { get }
    /// The value as it goes to the server.
    var sqlParameter: SQLParameter { get }
}

/// A bound value in the form in which it travels.
///
/// It has no description on purpose: bind values do not belong into logs.
public struct SQLParameter: Sendable {
    enum Value: Sendable {
        case null
        case text(String)
        case bytes([UInt8])
        /// Binary, with its text for who must have it.
        case array(BinaryArray, text: @Sendable () -> String)
    }

    /// The PostgreSQL type, by its object id; 0 lets the server infer it.
    public let oid: UInt32
    let value: Value

    /// Makes a value in PostgreSQL's text form, such as `2026-11-30` for a date.
    ///
    /// - Parameters:
    ///   - text: The value as PostgreSQL reads it; it may not contain a NUL character.
    ///   - oid: The type, by its object id; 0 lets the server infer it.
    /// - Returns: The parameter.
    public static func text(_ text: String, oid: UInt32) -> SQLParameter {
        SQLParameter(oid: oid, value: .text(text))
    }

    /// Makes a `bytea`, which travels in binary form.
    public static func bytes(_ bytes: [UInt8]) -> SQLParameter {
        SQLParameter(oid: TypeOID.bytea, value: .bytes(bytes))
    }

    /// Makes an array, which travels in binary form.
    static func array(_ array: BinaryArray, oid: UInt32, text: @escaping @Sendable () -> String) -> SQLParameter {
        SQLParameter(oid: oid, value: .array(array, text: text))
    }

    /// Makes a `NULL` of a type.
    public static func null(oid: UInt32) -> SQLParameter {
        SQLParameter(oid: oid, value: .null)
    }

    /// The value in text form, as array literals and COPY want it; `nil` for `NULL`.
    var asText: String? {
        switch value {
        case .null: nil
        case .text(let text): text
        case .bytes(let bytes): HexText.bytea(bytes)
        case .array(_, text: let text): text()
        }
    }
}

extension Optional: SQLEncodable where Wrapped: SQLEncodable {
    /// The type of the wrapped value.
    public static var oid: UInt32 { Wrapped.oid }
    /// The wrapped value, or a `NULL` of its type.
    public var sqlParameter: SQLParameter { self?.sqlParameter ?? .null(oid: Wrapped.oid) }
}

extension SQLEncodable where Self: RawRepresentable, RawValue: SQLEncodable {
    /// The type of the raw value.
    public static var oid: UInt32 { RawValue.oid }
    /// The raw value.
    public var sqlParameter: SQLParameter { rawValue.sqlParameter }
}

/// Bytes in hexadecimal digits, as PostgreSQL writes a `bytea` in text form.
package enum HexText {
    static func bytea(_ bytes: [UInt8]) -> String {
        "\\x" + hex(bytes)
    }

    /// Two digits for each byte, in lower case.
    package static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
