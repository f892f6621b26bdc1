import Database
import Foundation
import Testing

private struct Stop: Error {}

@Suite struct CopyTests {
    @Test func `COPY writes every kind of value, and many rows`() async throws {
        try await withPool { pool in
            try await pool.run { session in
                try session.execute(
                    "CREATE TABLE \"Odd name\" (n int4, text text, at timestamptz, bytes bytea, tags text[], doc jsonb)"
                )
                let at = Date(timeIntervalSince1970: 1_700_000_000.25)
                let texts = ["tab\there", "line\nfeed\r", "back\\slash\\N", "\\.", ""]
                let bytes: [UInt8] = [0, 9, 10, 92, 255]
                let start = session.roundTrips
                let count = try session.copyIn(
                    table: "Odd name", columns: ["n", "text", "at", "bytes", "tags", "doc"],
                    rows: (0..<20_000).lazy.map { number in
                        [number, texts[number % 5], at, bytes, texts, number == 0 ? nil : JSON(text: #"{"a":"\n\\"}"#)]
                    })
                #expect(count == 20_000)
                #expect(session.roundTrips - start == 2)
                let sum = try session.first(
                    "SELECT count(*) AS n FROM \"Odd name\" WHERE text = (\(texts)::text[])[n % 5 + 1] AND at = \(at) AND bytes = \(bytes) AND tags = \(texts)"
                )
                #expect(try sum?.value("n") == 20_000)
                #expect(
                    try session.first("SELECT doc FROM \"Odd name\" WHERE n = 0")?.optional("doc", as: JSON.self) == nil
                )
                let doc = try session.first("SELECT doc->>'a' AS a FROM \"Odd name\" WHERE n = 1")
                #expect(try doc?.value("a") == "\n\\")
            }
        }
    }

    @Test func `what the server refuses surfaces, and nothing is written`() async throws {
        try await withPool { pool in
            try await pool.run { session in
                try session.execute("CREATE TABLE t (n int4 CONSTRAINT t_small CHECK (n < 30000))")
                func copy(_ rows: [[(any SQLEncodable)?]]) -> DatabaseError? {
                    databaseErrorNow { try session.copyIn(table: "t", columns: ["n"], rows: rows) }
                }
                #expect(copy([[1], ["hush"]])?.sqlState == "22P02")
                #expect(copy((0..<60_000).map { [$0] })?.constraint == "t_small")
                #expect(copy([[1, 2]])?.kind == .other)
                #expect(copy([["a\0b"]])?.sqlState == "22021")
                let missing = databaseErrorNow { try session.copyIn(table: "nowhere", columns: ["n"], rows: [[1]]) }
                #expect(missing?.sqlState == "42P01")
                #expect(try session.first("SELECT count(*) AS n FROM t")?.value("n") == 0)
            }
        }
    }

    @Test func `rows that end in an error are all taken back`() async throws {
        try await withPool { pool in
            try await pool.run { session in
                try session.execute("CREATE TABLE t (n int4)")
                var made = 0
                #expect(throws: Stop.self) {
                    try session.copyIn(table: "t", columns: ["n"]) {
                        made += 1
                        guard made < 50_000 else { throw Stop() }
                        return [made]
                    }
                }
                #expect(try session.first("SELECT count(*) AS n FROM t")?.value("n") == 0)
                try session.begin()
                try session.copyIn(table: "public.t", columns: ["n"], rows: [[1], [nil]])
                try session.commit()
                #expect(try session.first("SELECT count(*) AS n FROM t")?.value("n") == 2)
            }
        }
    }
}
