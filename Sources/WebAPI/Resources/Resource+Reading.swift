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
        guard let search = request.search else { return page(request, [], for: kind, of: parent) }
        guard let ids = search.ids else { return page(request, [search.condition], for: kind, of: parent) }
        let found = page(request, ["t.id = ANY ((SELECT ids FROM found)::uuid[])"], for: kind, of: parent)
        let walked = page(
            request, ["(SELECT ids IS NULL FROM found)", search.condition], for: kind, of: parent)
        // One of the two gives rows, and nothing is done for the other.
        return """
            WITH found AS MATERIALIZED (SELECT \(ids) AS ids)
            (\(found)) UNION ALL (\(walked))
            """
    }

    private func page(_ request: ListRequest, _ search: [SQL], for kind: Visitor.Kind, of parent: UUID?) -> SQL {
        let selection = selection(for: kind)
        var conditions = [selection.scope] + request.conditions + search
        if let column = self.parent?.column { conditions.append("t.\(unsafeUnescaped: column) = \(parent)") }
        if let after = request.condition(identity) { conditions.append(after) }
        return """
            SELECT \(selection.body) AS body, (\(request.sort.expression))::text AS key, (\(identity.expression))::text AS id
            \(selection.source)
            WHERE \(conditions.joined(separator: " AND "))
            ORDER BY \(request.order(identity)) LIMIT \(request.limit + 1)::bigint
            """
    }

    /// One record.
    ///
    /// - Returns: A statement giving `body` and `version`, or nothing when there is none that they may see.
    func one(_ id: String, for kind: Visitor.Kind) -> SQL {
        let selection = selection(for: kind)
        return """
            SELECT \(selection.body) AS body, \(version ?? "NULL::text") AS version
            \(selection.source)
            WHERE \(identity.expression) = \(id)::\(identity.schema.sqlType) AND \(selection.scope)
            """
    }

    /// Records by their ids: `body` of each that they may see.
    func several(_ ids: [UUID], for kind: Visitor.Kind) -> SQL {
        let selection = selection(for: kind)
        return "SELECT \(selection.body) AS body \(selection.source) WHERE t.id = ANY(\(ids)) AND \(selection.scope)"
    }

    func selection(for kind: Visitor.Kind) -> Selection {
        selections[kind] ?? Selection(of: columns(for: kind), in: table, for: kind)
    }
}
