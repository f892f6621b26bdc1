import Accounts
import Database

extension Resource {
    /// How many of the visitor's records a query finds, and what they come to: `count` and `cents`.
    ///
    /// - Parameters:
    ///   - request: The query.
    ///   - kind: Who asks.
    ///   - column: The amount that is added up; nil: none is, and `cents` is null.
    ///   - most: Where counting ends, for what is only to be told apart from few; nil: nowhere.
    /// - Returns: The statement.
    func count(
        _ request: ListRequest, for kind: Visitor.Kind, summing column: String? = nil, upTo most: Int? = nil
    ) -> SQL {
        let cents: SQL = column.map { "sum(x.\(unsafeUnescaped: $0))::bigint" } ?? "NULL::bigint"
        let amount: SQL = column.map { "t.\(unsafeUnescaped: $0)" } ?? "1"
        let end: SQL = most.map { "LIMIT \($0 + 1)::bigint" } ?? ""
        return """
            SELECT count(*) AS count, \(cents) AS cents
            FROM (SELECT \(amount) \(found(by: request.allConditions, for: kind)) \(end)) x
            """
    }

    /// How many of the visitor's records there are in each state, counted no further than is told: `state` and `count`;
    /// nothing for what has no states.
    func standings(for kind: Visitor.Kind, upTo most: Int) -> SQL {
        guard let field = machine?.field, case .choice(let states)? = columns.first(where: { $0.name == field })?.schema
        else { return "SELECT ''::text AS state, 0::bigint AS count WHERE false" }
        return """
            SELECT s.state, (
                SELECT count(*) FROM (
                    SELECT 1 \(found(by: ["t.\(unsafeUnescaped: field) = s.state"], for: kind)) LIMIT \(most + 1)::bigint
                ) x) AS count
            FROM unnest(\(states)) AS s (state)
            """
    }

    /// The rows that are theirs and answer to all of some conditions.
    private func found(by conditions: [SQL], for kind: Visitor.Kind) -> SQL {
        let all = [selection(for: kind).scope] + conditions
        return "FROM \(unsafeUnescaped: table.rawValue) t WHERE \(all.joined(separator: " AND "))"
    }
}
