import Accounts
import Database
import Foundation

/// What the program does after somebody has written a record: in the same transaction, with its own rights.
struct Consequence: Sendable {
    /// What was written.
    struct Writing: Sendable {
        var visitor: Visitor
        var record: UUID
        /// The fields that were given.
        var fields: Set<String>
        var now: Date
    }

    /// The fields whose change brings it; nil: the making of a record does.
    var fields: Set<String>?
    /// Does it.
    var act: @Sendable (Writing, Session) throws -> Void

    /// Brought by the making of a record.
    static func ofMaking(_ act: @escaping @Sendable (Writing, Session) throws -> Void) -> Consequence {
        Consequence(fields: nil, act: act)
    }

    /// Brought by a change of one of these fields.
    static func ofChanging(
        _ fields: Set<String>, _ act: @escaping @Sendable (Writing, Session) throws -> Void
    ) -> Consequence {
        Consequence(fields: fields, act: act)
    }

    /// Whether a write brings it.
    func follows(_ given: Dictionary<String, some Any>.Keys, isNew: Bool) -> Bool {
        guard let fields else { return isNew }
        return !isNew && given.contains { fields.contains($0) }
    }
}
