import Testing

@testable import Database

@Suite struct SQLTests {
    @Test func `interpolated values become numbered parameters`() {
        let sql: SQL = "SELECT \(1), \("two"), \(nil as Int?)"
        #expect(sql.text == "SELECT $1, $2, $3")
        #expect(sql.parameters.map(\.oid) == [20, 0, 20])
        #expect(sql.parameters.map(\.asText) == ["1", "two", nil])
    }

    @Test func `a spliced piece brings its parameters along, numbered anew`() {
        let condition: SQL = "a = \(1) AND b = \(2)"
        let sql: SQL = "SELECT \(0) WHERE \(condition) OR c = \(3)"
        #expect(sql.text == "SELECT $1 WHERE a = $2 AND b = $3 OR c = $4")
        #expect(sql.parameters.map(\.asText) == ["0", "1", "2", "3"])
    }

    @Test func `splicing keeps numbers right past nine and behind text that is not ASCII`() {
        let piece: SQL = "'é' || \("x") || '→'"
        let all = Array(repeating: piece, count: 12).joined(separator: ", ")
        #expect(all.text.hasSuffix("'é' || $11 || '→', 'é' || $12 || '→'"))
        let twice = all + " UNION " + all
        #expect(twice.parameters.count == 24)
        #expect(twice.text.hasSuffix("'é' || $24 || '→'"))
        #expect(twice.text.contains("$12 || '→' UNION 'é' || $13"))
    }

    @Test func `joining nothing gives nothing`() {
        #expect([SQL]().joined(separator: ", ").text.isEmpty)
    }

    @Test func `only the ugly form puts text into the statement`() {
        let name = "x; DROP TABLE y"
        let bound: SQL = "\(name)"
        let raw: SQL = "\(unsafeUnescaped: name)"
        #expect(bound.text == "$1")
        #expect(raw.text == name)
    }

    @Test(arguments: [
        ("  select 1", "SELECT"), ("-- note\n/* a /* nested */ b */ (WITH x AS", "WITH"), ("Begin", "BEGIN"), ("", ""),
        ("/* open", ""),
    ])
    func `the first word is found past comments and parentheses`(text: String, word: String) {
        #expect(SQLKeyword.first(of: text) == word)
    }

    @Test func `identifiers are quoted so that no character in them has a meaning`() {
        #expect(SQLIdentifier.quote("a\"; DROP") == "\"a\"\"; DROP\"")
        #expect(SQLIdentifier.quoteQualified("queue.jobs") == "\"queue\".\"jobs\"")
    }
}
