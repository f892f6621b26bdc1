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
    /// The role of visitors has no rights to them, or the table's own policy gives it what is its visitor's.
    public static let notShown: [String: String] = [
        "alert_notes": "who knows of which alert: told with the alerts, to those who may see them",
        "live_changes": "what the stream of changes is made of, which asks of each record whether it is shown",
        "live_inbox": "what the stream of changes is made of",
        "live_pruned": "what the stream of changes is made of",
        "number_series": "counters of the engine",
        "password_resets": "links to set a password: asked by their token alone, before anybody is signed in",
        "request_answers": "answers to repeated requests, which are found by their own key alone",
        "saved_views": "what people save of lists, which its own policy shows to nobody else",
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

    /// Ends the transaction with ``isRefusal(_:)`` unless all records are there and the visitor's, by both walls.
    ///
    /// To be sent as the visitor: see ``Credential/asVisitor``. A record that is not theirs and one that does not exist are
    /// answered alike, and nothing after it in the same trip is done.
    ///
    /// - Parameters:
    ///   - claims: The records.
    ///   - kind: Which portal's people the visitor belongs to.
    /// - Returns: The statement.
    public static func demand(_ claims: [Claim], of kind: Visitor.Kind) -> SQL {
        // Nothing to be asked of is nothing to be refused: what is made may name no other record.
        let questions = claims.isEmpty ? "TRUE" : claims.map { $0.question(of: kind) }.joined(separator: " AND ")
        return "SELECT visitor.demand(\(questions))"
    }

    /// Whether it is the error of ``demand(_:of:)``.
    public static func isRefusal(_ error: DatabaseError) -> Bool { error.sqlState == "DZ404" }

    /// Which of these records of a machine the visitor sees.
    ///
    /// To be sent as the visitor.
    ///
    /// - Returns: A statement with their ids as `id`.
    public static func seen(_ records: [UUID], of machine: String, by kind: Visitor.Kind) -> SQL {
        guard let table = Table(machine: machine) else {
            return "SELECT unnest(\(records)::uuid[]) AS id WHERE visitor.kind() = 'admin'"
        }
        return """
            SELECT t.id FROM \(unsafeUnescaped: table.rawValue) t
            WHERE t.id = ANY(\(records)) AND \(predicate(for: table, of: kind, alias: "t"))
            """
    }
}
