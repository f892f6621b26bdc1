/// Quotes names of tables, columns, roles and channels, which PostgreSQL cannot take as bind parameters.
enum SQLIdentifier {
    /// Quotes one name exactly as it is: case is kept and no character in it has a meaning.
    static func quote(_ name: String) -> String {
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    /// Quotes a name that may carry its schema in front, such as `queue.jobs`.
    static func quoteQualified(_ name: String) -> String {
        name.split(separator: ".", omittingEmptySubsequences: false).map { quote(String($0)) }.joined(separator: ".")
    }
}
