/// The first word of a statement, by which the session tells how to send it.
enum SQLKeyword {
    /// Statements that plan, so that keeping them prepared saves work.
    ///
    /// The others (`BEGIN`, `SET`, `CREATE`, …) have no plan to keep.
    private static let planned: Set<String> = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "VALUES", "MERGE"]

    static func isPlanned(_ keyword: String) -> Bool {
        planned.contains(keyword)
    }

    /// Finds the first word, past white space, comments and opening parentheses, in upper case.
    static func first(of text: String) -> String {
        var rest = Substring(text).utf8
        while let byte = rest.first {
            if byte == UInt8(ascii: " ") || (9...13).contains(byte) || byte == UInt8(ascii: "(") {
                rest.removeFirst()
            } else if rest.starts(with: "--".utf8) {
                rest = rest.drop { $0 != UInt8(ascii: "\n") }
            } else if rest.starts(with: "/*".utf8) {
                rest = afterBlockComment(rest)
            } else {
                break
            }
        }
        let word = rest.prefix { ($0 | 0x20) >= UInt8(ascii: "a") && ($0 | 0x20) <= UInt8(ascii: "z") }
        return String(Substring(word)).uppercased()
    }

    /// Skips one block comment; they nest in PostgreSQL.
    private static func afterBlockComment(_ text: Substring.UTF8View) -> Substring.UTF8View {
        var rest = text
        var depth = 0
        while !rest.isEmpty {
            if rest.starts(with: "/*".utf8) {
                depth += 1
                rest = rest.dropFirst(2)
            } else if rest.starts(with: "*/".utf8) {
                depth -= 1
                rest = rest.dropFirst(2)
                if depth == 0 { break }
            } else {
                rest = rest.dropFirst()
            }
        }
        return rest
    }
}
