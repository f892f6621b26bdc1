import Accounts
import Database

/// What is read of a kind of record for one kind of visitor, over the table's row `t`.
struct Selection: Sendable {
    /// The object that is answered, written by PostgreSQL.
    let body: SQL
    /// The rows, with the fields that this visitor is shown.
    let source: SQL
    /// Which of the rows are theirs.
    let scope: SQL

    init(of columns: [Column], in table: Table, for kind: Visitor.Kind) {
        let hidden: [SQL] = columns.compactMap { column in
            column.when.map { "CASE WHEN (\($0)) IS NOT TRUE THEN '\(unsafeUnescaped: column.name)' END" }
        }
        body =
            hidden.isEmpty
            ? "row_to_json(x)::text"
            : "(to_jsonb(x) - array_remove(ARRAY[\(hidden.joined(separator: ", "))]::text[], NULL))::text"
        let selected = columns.map(\.selected).joined(separator: ", ")
        source = "FROM \(unsafeUnescaped: table.rawValue) t CROSS JOIN LATERAL (SELECT \(selected)) x"
        scope = Scoping.predicate(for: table, of: kind, alias: "t")
    }
}
