import Accounts
import Database

/// A part of a word that records are looked for by.
struct Search {
    /// The condition on a record, over the table's row `t`.
    let condition: SQL
    /// All ids of the visitor's that answer, or NULL when they are too many to be worth it; nil: nothing finds them ahead.
    let ids: SQL?

    /// Up to so many they are found ahead and sorted; more stand so close together that to walk the list's order is as quick.
    ///
    /// Where the two take equally long with a million rows.
    private static let most: Int32 = 8_000

    init(_ term: String, in resource: Resource, _ columns: [Column]) {
        guard let words = Self.indexed[resource.table] else {
            var pattern = term
            for special in ["\\", "%", "_"] { pattern = pattern.replacing(special, with: "\\" + special) }
            let either: [SQL] = columns.map { "\($0.expression)::text ILIKE \("%" + pattern + "%")::text" }
            (condition, ids) = ("(\(either.joined(separator: " OR ")))", nil)
            return
        }
        condition = "\(words) LIKE search_pattern(\(term))"
        ids = """
            visitor.find_\(unsafeUnescaped: resource.table.rawValue)(search_pattern(\(term)), \(Self.most))
            """
    }

    /// The tables that grow with every sale, of which a function of the database finds ids (migration 0033), and what of
    /// a row it looks at.
    private static let indexed: [Table: SQL] = [
        .orders: "searched_text(t.order_number, t.po_number)", .invoices: "searched_text(t.invoice_number)",
    ]
}
