/// The fields of an error as the server reported it.
struct ServerReport {
    var sqlState: String
    var message: String
    var table: String?
    var column: String?
    var constraint: String?
    /// The server's own function that raised it: the only part that tells some errors apart in every language.
    var function: String?
    /// Where in the statement, in characters from 1.
    var position: Int?

    /// Whether the server, having replanned a prepared statement, found that its columns had changed.
    var isStalePlan: Bool { sqlState == "0A000" && function == "RevalidateCachedQuery" }
    /// Whether the server does not know a prepared statement (somebody ran `DISCARD ALL`, say).
    var isUnknownStatement: Bool { sqlState == "26000" }
}

extension DatabaseError {
    /// Takes over what the server said, as far as it cannot hold a bind value.
    init(_ report: ServerReport) {
        self.init(
            kind: Self.kind(report), sqlState: report.sqlState, message: Self.safeMessage(report),
            constraint: report.constraint, table: report.table, column: report.column,
            isRetryable: report.isStalePlan || report.isUnknownStatement ? true : nil)
    }

    private static func kind(_ report: ServerReport) -> Kind {
        switch report.sqlState {
        case "40001": .serialization
        case "40P01": .deadlock
        case "55P03": .lockTimeout
        // The server uses one code for both; the text tells them apart where it is English, else the more likely.
        case "57014": report.message.contains("user request") ? .cancelled : .statementTimeout
        case "53300", "57P01", "57P02", "57P03", "57P05": .connection
        default:
            switch report.sqlState.prefix(2) {
            case "08": .connection
            case "23": .constraint
            default: .other
            }
        }
    }

    /// Classes whose primary message speaks of names, states and resources, never of data.
    ///
    /// P0001 is text we wrote ourselves in a trigger or function.
    private static let quotable: Set<Substring> = [
        "08", "0A", "25", "26", "28", "3D", "3F", "40", "42", "53", "54", "55", "57", "58",
    ]

    private static func safeMessage(_ report: ServerReport) -> String {
        let family = report.sqlState.prefix(2)
        if report.sqlState == "P0001" || quotable.contains(family) { return report.message }
        switch family {
        case "22": return dataMessages[report.sqlState] ?? "a value was not acceptable"
        case "23": return constraintMessage(report)
        default: return "the database refused the statement"
        }
    }

    private static let dataMessages = [
        "22000": "a value was not acceptable",
        "22001": "a text is too long for its column",
        "22003": "a number is out of range",
        "22004": "a value that must not be NULL was NULL",
        "22007": "a date or time is not written as one",
        "22008": "a date or time is out of range",
        "22012": "division by zero",
        "22021": "a text is not valid UTF-8 or holds a NUL character",
        "22023": "a parameter of a function has a value it does not take",
        "22P02": "a value is not written as its type demands",
        "22P03": "a binary value is not of the form its type demands",
        "22P04": "COPY met data of the wrong form",
    ]

    private static func constraintMessage(_ report: ServerReport) -> String {
        let table = report.table.map { " of table \"\($0)\"" } ?? ""
        let constraint = report.constraint.map { "\"\($0)\"" } ?? "a constraint"
        return switch report.sqlState {
        case "23502": "column \"\(report.column ?? "?")\"\(table) must not be NULL"
        case "23503": "foreign key \(constraint)\(table) would be broken"
        case "23505": "unique key \(constraint)\(table) would be broken"
        case "23514": "check \(constraint)\(table) does not hold"
        case "23P01": "exclusion \(constraint)\(table) would be broken"
        default: "\(constraint)\(table) would be broken"
        }
    }
}
