/// What PostgreSQL, or the way to it, refused.
///
/// Nothing in it quotes a bind value: messages of the server that may quote one are replaced by words of our own, so
/// an error can be logged as it is. See ``message``.
public struct DatabaseError: Error, Sendable {
    /// What a program does about it.
    public enum Kind: String, Sendable {
        /// No connection, or it was lost.
        case connection
        /// The task was cancelled, or somebody cancelled the statement on the server.
        case cancelled
        /// A rule of the schema was broken: `NOT NULL`, `CHECK`, a unique or foreign key, an exclusion.
        case constraint
        /// Two transactions could not be brought into an order (40001).
        case serialization
        /// Two transactions waited for each other and this one gave way (40P01).
        case deadlock
        /// A lock was not to be had in the time allowed, or at all (55P03).
        case lockTimeout
        /// A statement took longer than the time allowed.
        case statementTimeout
        /// A value could not be read or written as the type asked for; the program and the schema disagree.
        case decoding
        /// Anything else.
        case other
    }

    /// What a program does about it.
    public let kind: Kind
    /// PostgreSQL's code of five characters, when the server or the protocol gave one.
    public let sqlState: String?
    /// One line for logs and developers, without bind values; not meant for customers.
    public let message: String
    /// The constraint that was broken, by name.
    public let constraint: String?
    /// The table it concerns.
    public let table: String?
    /// The column it concerns.
    public let column: String?
    /// Whether the same work may simply be done again, from the start of its transaction.
    ///
    /// Never true when it is unknown whether the work was committed; see ``isOutcomeUnknown``.
    public let isRetryable: Bool
    /// Whether the connection was lost while a commit was under way, or the commit did not wait for its standby, so
    /// that only a look at the data tells what became of it.
    public let isOutcomeUnknown: Bool

    init(
        kind: Kind, sqlState: String? = nil, message: String, constraint: String? = nil, table: String? = nil,
        column: String? = nil, isRetryable: Bool? = nil, isOutcomeUnknown: Bool = false
    ) {
        self.kind = kind
        self.sqlState = sqlState
        self.message = message
        self.constraint = constraint
        self.table = table
        self.column = column
        self.isRetryable = (isRetryable ?? kind.isRetryable) && !isOutcomeUnknown
        self.isOutcomeUnknown = isOutcomeUnknown
    }

    static func misuse(_ message: String) -> DatabaseError {
        DatabaseError(kind: .other, message: message)
    }

    static var cancelled: DatabaseError {
        DatabaseError(kind: .cancelled, message: "the task was cancelled")
    }

    /// A commit was told to stop waiting for the synchronous standby: it stands on this server, and would be gone if
    /// the standby took over now.
    static var notReplicated: DatabaseError {
        DatabaseError(
            kind: .cancelled,
            message: "the commit was cancelled while it waited for the standby; it is unknown whether it will last",
            isOutcomeUnknown: true)
    }

    /// The same error, when the connection was lost on the way to a commit.
    func withUnknownOutcome() -> DatabaseError {
        DatabaseError(
            kind: kind, sqlState: sqlState, message: message + "; it is unknown whether the work was committed",
            constraint: constraint, table: table, column: column, isOutcomeUnknown: true)
    }

    /// The same error, when it was the cancelling of our own task that stopped the statement.
    func asCancelled() -> DatabaseError {
        DatabaseError(kind: .cancelled, sqlState: sqlState, message: "the task was cancelled")
    }
}

extension DatabaseError.Kind {
    fileprivate var isRetryable: Bool {
        switch self {
        case .connection, .serialization, .deadlock, .lockTimeout: true
        case .cancelled, .constraint, .statementTimeout, .decoding, .other: false
        }
    }
}

extension DatabaseError: CustomStringConvertible {
    /// Kind, SQLSTATE and message in one line.
    public var description: String {
        let state = sqlState.map { " \($0)" } ?? ""
        return "database error (\(kind.rawValue)\(state)): \(message)"
    }
}
