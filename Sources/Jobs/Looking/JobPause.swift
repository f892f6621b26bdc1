public import Database
public import Foundation

/// A pause in force.
public struct JobPause: Sendable, Hashable {
    /// What is paused.
    public let scope: PauseScope
    /// Since when.
    public let pausedAt: Date
    /// Who paused it.
    public let name: String?
    /// Why.
    public let reason: String?

    /// Reads a row of ``Queue/pauses()``.
    public init(row: Row) throws(DatabaseError) {
        let name: String = try row.value("name")
        scope =
            switch try row.value("scope", as: String.self) {
            case "kind": .kind(name)
            case "key": .key(name)
            default: .queue(name)
            }
        pausedAt = try row.value("paused_at")
        self.name = try row.optional("paused_by")
        reason = try row.optional("reason")
    }
}

extension Queue {
    /// What is paused.
    ///
    /// - Returns: A statement giving a ``JobPause`` for each queue, kind and key.
    public static func pauses() -> SQL {
        """
        SELECT 'queue' AS scope, name, paused_at, paused_by, pause_reason AS reason
        FROM queue.queues
        WHERE paused_at IS NOT NULL
        UNION ALL
        SELECT scope, name, paused_at, paused_by, reason FROM queue.pauses
        ORDER BY scope, name
        """
    }
}

extension PauseScope {
    /// What the database calls it.
    public var noun: String {
        switch self {
        case .queue: "queue"
        case .kind: "kind"
        case .key: "key"
        }
    }
}
