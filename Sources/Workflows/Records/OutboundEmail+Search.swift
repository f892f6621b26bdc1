public import Database
public import Foundation

extension OutboundEmail {
    /// Which mails are meant; what is nil does not matter.
    public struct Filter: Sendable, Hashable {
        /// This stands in an address that it goes to.
        public var recipient: String?
        /// This stands in its subject.
        public var subject: String?
        /// What is known of its way.
        public var state: State?
        /// They are older than this one: a list goes on behind it.
        public var after: UUID?

        /// Means all mails, until something is set.
        public init() {}
    }

    /// Mails, the newest first.
    ///
    /// - Parameters:
    ///   - filter: Which.
    ///   - limit: How many at most.
    /// - Returns: A statement giving a mail for each.
    public static func search(_ filter: Filter, limit: Int) -> SQL {
        var conditions: [SQL] = ["true"]
        if let recipient = filter.recipient {
            conditions.append(
                "EXISTS (SELECT FROM unnest(recipients) r WHERE r ILIKE \(pattern(recipient)))")
        }
        if let subject = filter.subject { conditions.append("subject ILIKE \(pattern(subject))") }
        if let state = filter.state { conditions.append("state = \(state.rawValue)") }
        if let after = filter.after {
            conditions.append(
                "(created_at, id) < (SELECT o.created_at, o.id FROM outbound_emails o WHERE o.id = \(after))")
        }
        return """
            SELECT \(columns) WHERE \(conditions.joined(separator: " AND "))
            ORDER BY created_at DESC, id DESC LIMIT \(limit)::bigint
            """
    }

    private static func pattern(_ text: String) -> String {
        var pattern = text
        for special in ["\\", "%", "_"] { pattern = pattern.replacing(special, with: "\\" + special) }
        return "%" + pattern + "%"
    }
}
