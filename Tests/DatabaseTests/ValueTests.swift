import Database
import Foundation
import Testing

private enum Colour: String, SQLEncodable, SQLDecodable { case red, green }

@Suite struct ValueTests {
    /// Sends a value and reads it back as the type given by `cast`.
    private func roundTrip<Value: SQLEncodable & SQLDecodable & Sendable>(
        _ value: Value, as cast: String, _ pool: Pool
    ) async throws -> Value {
        let rows = try await pool.query("SELECT \(value)::\(unsafeUnescaped: cast) AS value")
        return try #require(rows.first).value("value")
    }

    private func expectBack<Value: SQLEncodable & SQLDecodable & Sendable & Equatable>(
        _ value: Value, as cast: String, _ pool: Pool
    ) async throws {
        let back = try await roundTrip(value, as: cast, pool)
        #expect(back == value)
    }

    @Test func `every scalar comes back as it went`() async throws {
        try await withPool { pool in
            for value in [true, false] { try await expectBack(value, as: "bool", pool) }
            for value in [Int.min, -1, 0, .max] { try await expectBack(value, as: "int8", pool) }
            for value in [Int64.min, .max] { try await expectBack(value, as: "int8", pool) }
            for value in [Int32.min, 7, .max] { try await expectBack(value, as: "int4", pool) }
            for value in [Int16.min, 7, .max] { try await expectBack(value, as: "int2", pool) }
            for value in [0.1, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude] {
                try await expectBack(value, as: "float8", pool)
            }
            #expect(try await roundTrip(Double.nan, as: "float8", pool).isNaN)
            for value in ["", "it's \\ \"quoted\" {NULL}", "naïve 🌧️\n\t\r", "$1 %s"] {
                try await expectBack(value, as: "text", pool)
            }
            let id = UUID()
            try await expectBack(id, as: "uuid", pool)
            for value in [[UInt8](), [0, 255, 92, 39], Array(0...255)] {
                try await expectBack(value, as: "bytea", pool)
            }
            #expect(
                try await roundTrip(JSON(text: #"{"a": [1, null]}"#), as: "jsonb", pool).text == #"{"a": [1, null]}"#)
            try await expectBack(Colour.green, as: "text", pool)
        }
    }

    @Test func `an instant comes back to the microsecond`() async throws {
        try await withPool { pool in
            for seconds in [0, -0.5, 978_307_200.123_456, -62_135_596_800, -62_198_755_200, 1e11] {
                let date = Date(timeIntervalSince1970: seconds)
                let row = try #require(try await pool.query("SELECT \(date) AS value").first)
                #expect(abs(try row.value("value", as: Date.self).timeIntervalSince(date)) < 0.000_001)
            }
            let leapDay = Date(timeIntervalSince1970: 1_709_164_800.5)
            let row = try await pool.query("SELECT to_char(\(leapDay), 'YYYY-MM-DD HH24:MI:SS.US') AS text").first
            #expect(try row?.value("text") == "2024-02-29 00:00:00.500000")
        }
    }

    @Test func `an instant that is read and written again stays the same`() async throws {
        try await withPool { pool in
            try await pool.run { session in
                let row = try session.first("SELECT clock_timestamp() AS at")
                var at: Date? = try row?.value("at")
                for _ in 0..<3 { at = try session.first("SELECT \(at) AS at")?.value("at") }
                let same = try session.first("SELECT \(at) = \(try row?.value("at", as: Date.self)) AS same")
                #expect(try same?.value("same") == true)
            }
        }
    }

    @Test func `every array comes back as it went`() async throws {
        try await withPool { pool in
            let texts = ["", "NULL", "a,b", "{\"x\"}", "back\\slash", "zeile\nzwei"]
            try await expectBack(texts, as: "text[]", pool)
            try await expectBack(["a", nil], as: "text[]", pool)
            try await expectBack([String](), as: "text[]", pool)
            try await expectBack([Int.min, .max], as: "int8[]", pool)
            try await expectBack([Int64(1)], as: "int8[]", pool)
            try await expectBack([Int32(1), 2], as: "int4[]", pool)
            try await expectBack([Int16(1), nil], as: "int2[]", pool)
            try await expectBack([true, false], as: "bool[]", pool)
            let ids = [UUID(), UUID()]
            try await expectBack(ids, as: "uuid[]", pool)
            let dates = [Date(timeIntervalSince1970: 0), nil]
            try await expectBack(dates, as: "timestamptz[]", pool)
            let documents = [JSON(text: #"{"a": "b,\"c"}"#)]
            try await expectBack(documents, as: "jsonb[]", pool)
            let blobs: [[UInt8]] = [[], [0, 34, 92]]
            try await expectBack(blobs, as: "bytea[]", pool)
        }
    }

    @Test func `arrays bound at once unnest into rows`() async throws {
        try await withPool { pool in
            let rows = try await pool.query(
                "SELECT * FROM unnest(\([1, 2]), \(["a", nil]), \([Date(timeIntervalSince1970: 0), nil])) AS t(n, s, d)"
            )
            #expect(try rows.map { try $0.value("n", as: Int.self) } == [1, 2])
            #expect(try rows.map { try $0.optional("s", as: String.self) } == ["a", nil])
            #expect(try rows[1].optional("d", as: Date.self) == nil)
        }
    }

    @Test func `a numeric is read with all its digits`() async throws {
        try await withPool { pool in
            for digits in [
                "0", "0.00", "-12345.6789", "0.00001234", "100000000", "99999999999999999999.000000000001", "NaN",
                "10000",
            ] {
                let row = try #require(try await pool.query("SELECT \(digits)::numeric AS value").first)
                #expect(try row.value("value", as: String.self) == digits)
            }
        }
    }

    @Test func `NULL is nil where it may be, and an error where it may not`() async throws {
        try await withPool { pool in
            let row = try #require(try await pool.query("SELECT \(nil as UUID?) AS id, NULL::text AS name").first)
            #expect(try row.optional("id", as: UUID.self) == nil)
            let error = databaseErrorNow { try row.value("name", as: String.self) }
            #expect(error?.kind == .decoding)
            #expect(error?.column == "name")
        }
    }

    @Test func `a column of another or an unknown type is an error, whatever its value`() async throws {
        try await withPool { pool in
            let row = try #require(
                try await pool.query(
                    "SELECT 1::int8 AS big, '1'::text AS text, '10.0.0.1'::inet AS inet, ARRAY[ARRAY[1]] AS deep,"
                        + " 'blue' AS colour, 'infinity'::timestamptz AS never, ARRAY[1, NULL] AS holes"
                ).first)
            #expect(databaseErrorNow { try row.value("big", as: Int32.self) }?.kind == .decoding)
            #expect(databaseErrorNow { try row.value("text", as: Int.self) }?.kind == .decoding)
            #expect(databaseErrorNow { try row.value("inet", as: String.self) }?.kind == .decoding)
            #expect(databaseErrorNow { try row.value("deep", as: [Int].self) }?.kind == .decoding)
            #expect(databaseErrorNow { try row.value("colour", as: Colour.self) }?.kind == .decoding)
            #expect(databaseErrorNow { try row.value("never", as: Date.self) }?.kind == .decoding)
            #expect(databaseErrorNow { try row.value("holes", as: [Int].self) }?.kind == .decoding)
            #expect(databaseErrorNow { try row.value("absent", as: Int.self) }?.message.contains("big, text") == true)
        }
    }

    @Test func `rows outlive the session that read them`() async throws {
        let rows = try await withPool { pool in
            try await pool.query("SELECT repeat('x', 10000) || n AS text FROM generate_series(1, 100) n")
        }
        #expect(try rows[99].value("text", as: String.self).hasSuffix("x100"))
    }

    @Test func `a text with a NUL character is refused before anything is sent`() async throws {
        try await withPool { pool in
            try await pool.run { session in
                _ = try session.first("SELECT 1")
                let before = session.roundTrips
                let error = databaseErrorNow { try session.execute("SELECT \("a\0b")") }
                #expect(error?.sqlState == "22021")
                #expect(session.roundTrips == before)
            }
        }
    }

    @Test func `a value cannot change what a statement means`() async throws {
        try await withPool { pool in
            let evil = "'; DROP TABLE t; --"
            try await pool.run { session in
                try session.execute("CREATE TABLE t (name text)")
                try session.execute("INSERT INTO t VALUES (\(evil))")
                try session.execute("INSERT INTO t SELECT unnest(\([evil, "{},\""]))")
                try session.copyIn(table: "t", columns: ["name"], rows: [[evil], ["\\.\n\\N"]])
                let names = try session.query("SELECT name FROM t").map { try $0.value("name", as: String.self) }
                #expect(names == [evil, evil, "{},\"", evil, "\\.\n\\N"])
            }
        }
    }
}
