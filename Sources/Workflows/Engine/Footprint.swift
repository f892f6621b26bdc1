import Database

/// Tells whether statements look at what others have written, by the tables' names in their texts.
///
/// Careful in one direction only: a name that stands there for something else costs a reading that was not needed. What
/// it cannot see is a table behind a trigger or a function, so those write nothing that a lifecycle reads.
enum Footprint {
    /// The tables that statements write: behind INSERT INTO, UPDATE and DELETE FROM.
    static func written(by statements: some Sequence<SQL>) -> Set<Substring> {
        var tables: Set<Substring> = []
        for statement in statements {
            let words = words(of: statement)
            for (index, word) in words.enumerated().dropLast() {
                let before = index > 0 ? words[index - 1] : ""
                let writes =
                    switch word {
                    case "INTO": before == "INSERT"
                    case "FROM": before == "DELETE"
                    // Not the lock of a SELECT (FOR NO KEY UPDATE), nor an upsert, whose table stands behind INTO.
                    case "UPDATE": !["FOR", "KEY", "DO"].contains(before)
                    default: false
                    }
                if writes { tables.insert(words[index + 1]) }
            }
        }
        return tables
    }

    /// Whether one of the tables is named in one of the statements.
    static func looks(_ statements: [SQL], at tables: Set<Substring>) -> Bool {
        !tables.isEmpty && statements.contains { words(of: $0).contains(where: tables.contains) }
    }

    private static func words(of statement: SQL) -> [Substring] {
        statement.text.split { !($0.isLetter || $0.isNumber || $0 == "_") }
    }
}
