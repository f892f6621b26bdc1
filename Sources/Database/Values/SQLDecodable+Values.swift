public import Foundation

extension SQLColumn {
    /// Reads any of PostgreSQL's integers that fit into `Value` without loss, whatever number is in the row: the
    /// answer must not depend on the data.
    fileprivate func widened<Value: FixedWidthInteger>(to type: Value.Type) throws(DatabaseError) -> Value {
        switch oid {
        case TypeOID.int8 where Value.bitWidth >= 64: Value(try integer(Int64.self))
        case TypeOID.int4 where Value.bitWidth >= 32: Value(try integer(Int32.self))
        case TypeOID.oid where Value.bitWidth >= 64: Value(try integer(UInt32.self))
        case TypeOID.int2: Value(try integer(Int16.self))
        default: throw mismatch("\(type)")
        }
    }
}

extension Bool: SQLDecodable {
    /// Reads a `boolean`.
    public init(sql column: SQLColumn) throws(DatabaseError) {
        try column.require(TypeOID.bool, as: "Bool")
        self = try column.integer(UInt8.self) != 0
    }
}

extension Int: SQLDecodable {
    /// Reads a `bigint`, `integer` or `smallint`.
    public init(sql column: SQLColumn) throws(DatabaseError) { self = try column.widened(to: Int.self) }
}

extension Int64: SQLDecodable {
    /// Reads a `bigint`, `integer` or `smallint`.
    public init(sql column: SQLColumn) throws(DatabaseError) { self = try column.widened(to: Int64.self) }
}

extension Int32: SQLDecodable {
    /// Reads an `integer` or `smallint`.
    public init(sql column: SQLColumn) throws(DatabaseError) { self = try column.widened(to: Int32.self) }
}

extension Int16: SQLDecodable {
    /// Reads a `smallint`.
    public init(sql column: SQLColumn) throws(DatabaseError) { self = try column.widened(to: Int16.self) }
}

extension Double: SQLDecodable {
    /// Reads a `double precision` or `real`.
    public init(sql column: SQLColumn) throws(DatabaseError) {
        switch column.oid {
        case TypeOID.float8: self = Double(bitPattern: try column.integer(UInt64.self))
        case TypeOID.float4: self = Double(Float(bitPattern: try column.integer(UInt32.self)))
        default: throw column.mismatch("Double")
        }
    }
}

extension String: SQLDecodable {
    /// Reads any character type, `json`, `jsonb`, and `numeric` with all its digits.
    public init(sql column: SQLColumn) throws(DatabaseError) {
        switch column.oid {
        case TypeOID.text, TypeOID.varchar, TypeOID.character, TypeOID.name, TypeOID.json, TypeOID.unknown:
            self = String(decoding: column.bytes, as: UTF8.self)
        case TypeOID.jsonb:
            self = try JSON(sql: column).text
        case TypeOID.numeric:
            self = try NumericText.decode(column)
        default:
            throw column.mismatch("String")
        }
    }
}

extension JSON: SQLDecodable {
    /// Reads a `jsonb` or `json`.
    public init(sql column: SQLColumn) throws(DatabaseError) {
        switch column.oid {
        case TypeOID.jsonb:
            // jsonb travels as one version byte and the text.
            guard column.bytes.first == 1 else { throw column.failure("is jsonb of an unknown version") }
            self.init(text: String(decoding: column.bytes.dropFirst(), as: UTF8.self))
        case TypeOID.json:
            self.init(text: String(decoding: column.bytes, as: UTF8.self))
        default:
            throw column.mismatch("JSON")
        }
    }
}

extension UUID: SQLDecodable {
    /// Reads a `uuid`.
    public init(sql column: SQLColumn) throws(DatabaseError) {
        try column.require(TypeOID.uuid, as: "UUID")
        guard column.bytes.count == 16 else { throw column.failure("has a value of unexpected length") }
        self.init(uuid: column.bytes.loadUnaligned(as: uuid_t.self))
    }
}

extension Date: SQLDecodable {
    /// Reads a `timestamptz`; `infinity` is refused, since nothing can be reckoned with it.
    public init(sql column: SQLColumn) throws(DatabaseError) {
        try column.require(TypeOID.timestamptz, as: "Date")
        let microseconds = try column.integer(Int64.self)
        guard microseconds != .max, microseconds != .min else { throw column.failure("holds an infinite time") }
        self = TimestampText.date(microsecondsSince2000: microseconds)
    }
}

extension SQLDecodable where Self: RawRepresentable, RawValue: SQLDecodable {
    /// Reads the raw value; one that the type does not know is an error.
    public init(sql column: SQLColumn) throws(DatabaseError) {
        guard let value = Self(rawValue: try RawValue(sql: column)) else {
            throw column.failure("holds a value that \(Self.self) does not know")
        }
        self = value
    }
}
