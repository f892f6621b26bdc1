import Accounts
import Database
import Foundation
import HTTPTypes
import StateMachines

/// Which records of a resource a list is to hold, and where it goes on.
struct ListRequest {
    /// The longest list.
    static let most = 200

    let limit: Int
    let sort: Column
    let isDescending: Bool
    /// The query's own conditions, besides the search.
    let conditions: [SQL]
    /// What the records have to hold somewhere.
    let search: Search?

    /// All of them, the search as a condition too.
    var allConditions: [SQL] { conditions + [search?.condition].compactMap { $0 } }
    /// The last record of the page before.
    let after: Mark?

    /// Where a page ended: the sorted field's value and the identity, as PostgreSQL writes them.
    struct Mark: Codable {
        var sort: String
        var key: String
        var id: String
    }

    /// Reads a query whose parameters have been looked at.
    ///
    /// - Throws: ``Problem`` 422 for a cursor of something else, or a filter on what they are not shown.
    init(_ query: [String: String], of resource: Resource, for kind: Visitor.Kind) throws(Problem) {
        let columns = resource.columns(for: kind)
        limit = query["limit"].flatMap { Int($0) } ?? RequestLimits.usualListLength
        let order = query["sort"] ?? "-\(resource.identity.name)"
        isDescending = order.hasPrefix("-")
        let name = isDescending ? String(order.dropFirst()) : order
        guard let sort = columns.first(where: { $0.name == name }) else { throw Self.invalid("sort") }
        self.sort = sort
        if let cursor = query["cursor"] {
            guard let mark = Self.mark(cursor), mark.sort == order,
                sort.schema.faults(in: sort.schema.value(of: mark.key)).isEmpty || sort.schema == .moment,
                resource.identity.schema.faults(in: resource.identity.schema.value(of: mark.id)).isEmpty,
                !mark.key.contains("\0")
            else { throw Self.invalid("cursor") }
            after = mark
        } else {
            after = nil
        }
        var conditions: [SQL] = []
        var search: Search?
        for (name, value) in query.sorted(by: { $0.key < $1.key }) {
            if let column = columns.first(where: { $0.name == name && $0.has(.filter) }) {
                conditions.append("\(column.expression) = \(value)::\(column.schema.sqlType)")
            } else if let (column, comparison) = Self.bound(name, in: columns) {
                conditions.append("\(column.expression) \(comparison) \(value)::\(column.schema.sqlType)")
            } else if name == "q" {
                search = Search(value, in: resource, columns.filter { $0.has(.search) })
            } else if !["limit", "sort", "cursor"].contains(name) {
                throw Self.invalid(name)
            }
        }
        (self.conditions, self.search) = (conditions, search)
    }

    private static func bound(_ name: String, in columns: [Column]) -> (Column, SQL)? {
        for column in columns where column.has(.range) {
            if name == column.name + "_from" { return (column, ">=") }
            if name == column.name + "_to" { return (column, "<") }
        }
        return nil
    }

    private static func invalid(_ name: String) -> Problem {
        Problem(
            .unprocessableContent,
            faults: [
                .init(
                    code: "parameter_invalid", message: "\"\(name)\" cannot be used in this list as it stands.",
                    field: name)
            ])
    }

    /// The condition that lets the list begin after the mark.
    func condition(_ identity: Column) -> SQL? {
        guard let after else { return nil }
        let comparison: SQL = isDescending ? "<" : ">"
        if sort.name == identity.name {
            return "\(identity.expression) \(comparison) \(after.id)::\(identity.schema.sqlType)"
        }
        return """
            (\(sort.expression), \(identity.expression)) \(comparison)
                (\(after.key)::\(sort.schema.sqlType), \(after.id)::\(identity.schema.sqlType))
            """
    }

    /// The order, in which no two records stand equal.
    func order(_ identity: Column) -> SQL {
        let direction: SQL = isDescending ? "DESC" : "ASC"
        guard sort.name != identity.name else { return "\(identity.expression) \(direction)" }
        return "\(sort.expression) \(direction), \(identity.expression) \(direction)"
    }

    /// Where the page after this one begins.
    ///
    /// - Parameter rows: A page with one record more than it shows: `key` and `id` of each.
    /// - Returns: The cursor; nil on the last page.
    /// - Throws: `DatabaseError`.
    func next(after rows: [Row]) throws -> String? {
        guard rows.count > limit else { return nil }
        return cursor(key: try rows[limit - 1].value("key"), id: try rows[limit - 1].value("id"))
    }

    /// The cursor for what follows a record.
    private func cursor(key: String, id: String) -> String {
        let mark = Mark(sort: (isDescending ? "-" : "") + sort.name, key: key, id: id)
        let data = (try? JSONEncoder().encode(mark)) ?? Data()
        return data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private static func mark(_ cursor: String) -> Mark? {
        let standard = cursor.replacing("-", with: "+").replacing("_", with: "/")
        let padded = standard + String(repeating: "=", count: (4 - standard.count % 4) % 4)
        return Data(base64Encoded: padded).flatMap { try? JSONDecoder().decode(Mark.self, from: $0) }
    }
}

extension Problem {
    /// What a cursor holds looked right and was not.
    static var notOurCursor: Problem {
        Problem(
            .unprocessableContent,
            faults: [.init(code: "parameter_invalid", message: "The cursor is none of ours.", field: "cursor")])
    }
}
