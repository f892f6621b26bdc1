import Database
public import Foundation

/// What somebody has saved of a list: its filters, order and columns under a name of their own.
public struct SavedView: Sendable, Hashable {
    /// Its id.
    public var id: UUID
    /// The list, by its address: `/admin/command-center/orders`.
    public var list: String
    /// What it is called.
    public var name: String
    /// What follows the question mark in the list's address.
    public var query: String

    /// The most that one person saves of one list.
    static let most = 20
    /// The longest name.
    static let longestName = 60
    /// The longest query.
    static let longestQuery = 2_000

    init(_ row: Row) throws {
        (id, list) = (try row.value("id"), try row.value("list"))
        (name, query) = (try row.value("name"), try row.value("query"))
    }

    private static let own: SQL = "user_kind = (SELECT visitor.kind()) AND user_id = (SELECT visitor.id())"

    /// The visitor's views of a list, or of all lists.
    static func all(of list: String?) -> SQL {
        """
        SELECT id, list, name, query FROM saved_views
        WHERE \(own) AND (\(list)::text IS NULL OR list = \(list)) ORDER BY list, lower(name), id LIMIT 500
        """
    }

    /// Keeps one of the visitor's; one of the same name is replaced, and nothing is kept of what would be too many.
    static func keep(_ id: UUID, of list: String, as name: String, _ query: String) -> SQL {
        """
        INSERT INTO saved_views AS v (id, user_kind, user_id, list, name, query)
        SELECT \(id), visitor.kind(), visitor.id(), \(list), \(name), \(query)
        WHERE (SELECT count(*) FROM saved_views WHERE \(own) AND list = \(list) AND name <> \(name)) < \(most)
        ON CONFLICT (user_kind, user_id, list, name) DO UPDATE SET query = excluded.query
        RETURNING id, list, name, query
        """
    }

    /// Forgets one of the visitor's.
    static func forget(_ id: UUID) -> SQL { "DELETE FROM saved_views WHERE id = \(id) AND \(own)" }
}
