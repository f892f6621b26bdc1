public import Database
public import Foundation

/// Which rows of each table somebody sees, in one place: the first wall.
///
/// The row policies of the database are the second, and say the same in words of their own (migrations/0021). Used by
/// lists, reads, search, exports, files, live topics and jobs alike. Source: access.md section 3 (SEC-06).
public enum Scoping {
    /// What somebody wants of a row.
    public enum Purpose: Sendable, CaseIterable {
        /// To read it.
        case read
        /// To make a move of its lifecycle: own rows, for a manager of reps not the team's. What an admin may do with
        /// what they all see is asked of their permissions by the move.
        case act
        /// To change it without a lifecycle, or to remove it: own rows, and by permission for admins.
        case write
    }

    /// Tables of which no visitor is shown a row, and why.
    ///
    /// The role of visitors has no rights to them.
    public static let notShown: [String: String] = [
        "number_series": "counters of the engine",
        "password_resets": "links to set a password: asked by their token alone, before anybody is signed in",
        "schema_migrations": "the program's own",
        "sign_in_attempts": "asked before anybody is signed in",
        "sign_in_buckets": "asked before anybody is signed in",
        "totp_enrolments": "secrets; the door of accounts asks them",
        "workflow_commands": "answers that are found by a command's id alone, by the engine",
        "workflow_definitions": "the lifecycle files, which belong to nobody",
    ]

    /// The rows of a table that a visitor of a kind sees, or may act on.
    ///
    /// What it asks of the visitor is asked once for a statement, not for each row, and of whoever has entered the
    /// transaction: for somebody of another kind, and for nobody, it holds for no row.
    ///
    /// - Parameters:
    ///   - table: The table.
    ///   - kind: Which portal's people the visitor belongs to.
    ///   - purpose: What is wanted.
    ///   - alias: What the table is called in the statement; nil: by its name.
    /// - Returns: A condition for `WHERE`, in parentheses.
    public static func predicate(
        for table: Table, of kind: Visitor.Kind, to purpose: Purpose = .read, alias: String? = nil
    ) -> SQL {
        "(\(unsafeUnescaped: Predicate(kind: kind, purpose: purpose).text(table, alias ?? table.rawValue)))"
    }

    /// Whether a visitor may see a record or act on it, asked of both walls.
    ///
    /// To be sent as the visitor: see ``Credential/asVisitor``.
    ///
    /// - Parameters:
    ///   - machine: The record's machine.
    ///   - record: Its id.
    ///   - kind: Which portal's people the visitor belongs to.
    ///   - purpose: What is wanted.
    /// - Returns: A statement with one row and one column, `is_theirs`.
    public static func question(
        machine: String, record: UUID, of kind: Visitor.Kind, to purpose: Purpose
    ) -> SQL {
        guard let table = Table(machine: machine) else { return "SELECT visitor.kind() = 'admin' AS is_theirs" }
        let function: SQL = purpose == .read ? "visitor.sees" : "visitor.owns"
        return """
            SELECT EXISTS (SELECT FROM \(unsafeUnescaped: table.rawValue) t
                WHERE t.id = \(record) AND \(predicate(for: table, of: kind, to: purpose, alias: "t")))
                AND coalesce(\(function)(\(machine)::text, \(record)::uuid), false) AS is_theirs
            """
    }
}
