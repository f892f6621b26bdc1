public import Foundation

extension Bool: SQLEncodable {
    /// PostgreSQL's `boolean`.
    public static var oid: UInt32 { TypeOID.bool }
    /// The value as it goes to the server.
    public var sqlParameter: SQLParameter { .text(self ? "t" : "f", oid: Self.oid) }
}

extension Int: SQLEncodable {
    /// `int8`, PostgreSQL's `bigint`.
    public static var oid: UInt32 { TypeOID.int8 }
    /// The value as it goes to the server.
    public var sqlParameter: SQLParameter { .text(String(self), oid: Self.oid) }
}

extension Int64: SQLEncodable {
    /// `int8`, PostgreSQL's `bigint`.
    public static var oid: UInt32 { TypeOID.int8 }
    /// The value as it goes to the server.
    public var sqlParameter: SQLParameter { .text(String(self), oid: Self.oid) }
}

extension Int32: SQLEncodable {
    /// `int4`, PostgreSQL's `integer`.
    public static var oid: UInt32 { TypeOID.int4 }
    /// The value as it goes to the server.
    public var sqlParameter: SQLParameter { .text(String(self), oid: Self.oid) }
}

extension Int16: SQLEncodable {
    /// `int2`, PostgreSQL's `smallint`.
    public static var oid: UInt32 { TypeOID.int2 }
    /// The value as it goes to the server.
    public var sqlParameter: SQLParameter { .text(String(self), oid: Self.oid) }
}

extension Double: SQLEncodable {
    /// PostgreSQL's `double precision`; never for money, which is whole cents.
    public static var oid: UInt32 { TypeOID.float8 }
    /// The value as it goes to the server, exactly.
    public var sqlParameter: SQLParameter {
        // Swift writes "inf", which PostgreSQL reads too; NaN comes as "nan" or "-nan".
        .text(isNaN ? "NaN" : String(self), oid: Self.oid)
    }
}

extension String: SQLEncodable {
    /// Not said: the server infers the type from where the value stands.
    public static var oid: UInt32 { TypeOID.unspecified }
    /// The value as it goes to the server.
    public var sqlParameter: SQLParameter { .text(self, oid: Self.oid) }
}

extension UUID: SQLEncodable {
    /// PostgreSQL's `uuid`.
    public static var oid: UInt32 { TypeOID.uuid }
    /// The value as it goes to the server.
    public var sqlParameter: SQLParameter {
        .text(withUnsafeBytes(of: uuid) { HexText.hex($0) }, oid: Self.oid)
    }
}

extension Date: SQLEncodable {
    /// PostgreSQL's `timestamptz`.
    public static var oid: UInt32 { TypeOID.timestamptz }
    /// The instant as it goes to the server, rounded to the microsecond, which is all PostgreSQL keeps.
    public var sqlParameter: SQLParameter { .text(TimestampText.timestamptz(self), oid: Self.oid) }
}
