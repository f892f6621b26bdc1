import Accounts
import Database
import Foundation

extension Resource {
    /// One page of the list, and one record more, which tells that there is another page.
    ///
    /// - Parameters:
    ///   - request: Which records.
    ///   - kind: Who reads; which rows are theirs, the condition for them says.
    ///   - parent: The record before this one in the address.
    /// - Returns: A statement giving `body`, `key` and `id` of each.
    func page(_ request: ListRequest, for kind: Visitor.Kind, of parent: UUID? = nil) -> SQL {
        var conditions = [Scoping.predicate(for: table, of: kind, alias: "t")] + request.conditions
        if let column = self.parent?.column { conditions.append("t.\(unsafeUnescaped: column) = \(parent)") }
        if let after = request.condition(identity) { conditions.append(after) }
        return """
            SELECT \(body(for: kind)) AS body, (\(request.sort.expression))::text AS key, (\(identity.expression))::text AS id
            \(source(for: kind))
            WHERE \(conditions.joined(separator: " AND "))
            ORDER BY \(request.order(identity)) LIMIT \(request.limit + 1)::bigint
            """
    }

    /// One record.
    ///
    /// - Returns: A statement giving `body` and `version`, or nothing when there is none that they may see.
    func one(_ id: String, for kind: Visitor.Kind) -> SQL {
        """
        SELECT \(body(for: kind)) AS body, \(version ?? "NULL::text") AS version
        \(source(for: kind))
        WHERE \(identity.expression) = \(id)::\(identity.schema.sqlType) AND \(Scoping.predicate(for: table, of: kind, alias: "t"))
        """
    }

    /// Records by their ids: `body` of each that they may see.
    func several(_ ids: [UUID], for kind: Visitor.Kind) -> SQL {
        """
        SELECT \(body(for: kind)) AS body \(source(for: kind))
        WHERE t.id = ANY(\(ids)) AND \(Scoping.predicate(for: table, of: kind, alias: "t"))
        """
    }

    /// The object that is answered, written by PostgreSQL.
    private func body(for kind: Visitor.Kind) -> SQL {
        let hidden: [SQL] = columns(for: kind).compactMap { column in
            column.when.map { "CASE WHEN (\($0)) IS NOT TRUE THEN '\(unsafeUnescaped: column.name)' END" }
        }
        guard !hidden.isEmpty else { return "row_to_json(x)::text" }
        return "(to_jsonb(x) - array_remove(ARRAY[\(hidden.joined(separator: ", "))]::text[], NULL))::text"
    }

    private func source(for kind: Visitor.Kind) -> SQL {
        let selected = columns(for: kind).map(\.selected).joined(separator: ", ")
        return "FROM \(unsafeUnescaped: table.rawValue) t CROSS JOIN LATERAL (SELECT \(selected)) x"
    }
}
