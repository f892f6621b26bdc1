import Accounts
import Database
public import Foundation
import HTTPTypes
import StateMachines

/// Keeps and forgets what people save of lists.
public struct SavedViewDesk: Sendable {
    /// Makes it.
    public init() {}

    /// Keeps a view of a list; one of the same name is replaced.
    ///
    /// - Parameters:
    ///   - list: The list's address.
    ///   - name: What it is called.
    ///   - query: What follows the question mark in the list's address.
    ///   - visit: Whose it is.
    /// - Returns: The view.
    /// - Throws: ``Problem`` 401, 403, or 422 for a name or query that is none, or too many views; `DatabaseError`.
    @discardableResult
    public func keep(of list: String, as name: String, _ query: String, _ visit: Visit) async throws -> SavedView {
        let name = name.trimmingCharacters(in: .whitespacesAndNewlines)
        var faults: [(String, String)] = []
        if !(1...SavedView.longestName).contains(name.count) || name.contains("\0") {
            faults.append(("name", "A name of up to \(SavedView.longestName) characters is needed."))
        }
        if query.count > SavedView.longestQuery || query.contains("\0") {
            faults.append(("query", "This is too long to be kept."))
        }
        if list.isEmpty || list.count > 200 || !list.hasPrefix("/") || list.contains("\0") {
            faults.append(("list", "A list is named by its address."))
        }
        guard faults.isEmpty else { throw Self.invalid(faults) }
        let row = try await visit.write { _, session in
            try session.first(SavedView.keep(UUID.v7(), of: list, as: name, query))
        }
        guard let row else {
            throw Self.invalid([("name", "\(SavedView.most) views of one list are kept; remove one first.")])
        }
        return try SavedView(row)
    }

    /// Forgets a view.
    ///
    /// - Throws: ``Problem`` 401, 403, or 404 for one that is not the visitor's; `DatabaseError`.
    public func forget(_ id: UUID, _ visit: Visit) async throws {
        let isGone = try await visit.write { _, session in
            try session.execute(SavedView.forget(id)).affectedRows > 0
        }
        guard isGone else { throw Problem.notFound("saved view") }
    }

    private static func invalid(_ faults: [(String, String)]) -> Problem {
        Problem(
            .unprocessableContent,
            faults: faults.map { .init(code: "input_invalid", message: $0.1, field: $0.0) })
    }
}
