public import Database
public import Foundation

/// To whom a mail of a lifecycle goes, by the vocabulary's words.
public enum MailRecipients {
    /// The words that are known, each with the machines for whose records it is.
    public static let known: [String: Set<String>] = [
        "billing_contact": ["invoice"], "contact": ["proposal"], "partner_contact": ["partner"], "opener": ["ticket"],
    ]

    /// Looks up the addresses.
    ///
    /// - Parameters:
    ///   - word: The vocabulary's word.
    ///   - machine: The machine of the record.
    ///   - record: The record.
    ///   - session: A session or transaction.
    /// - Returns: The addresses, sorted; nil when the word means nothing for such a record.
    /// - Throws: `DatabaseError`.
    public static func read(_ word: String, machine: String, record: UUID, in session: Session) throws -> [String]? {
        guard known[word]?.contains(machine) == true, let query = query(word, record) else { return nil }
        return try session.query(query).map { try $0.value("email") }
    }

    private static func query(_ word: String, _ record: UUID) -> SQL? {
        switch word {
        case "billing_contact":
            """
            WITH people AS (
                SELECT u.email::text AS email, u.role
                FROM partner_users u JOIN invoices i ON i.partner_id = u.partner_id
                WHERE i.id = \(record) AND u.is_active AND u.role IN ('finance', 'owner')
            )
            SELECT email FROM people
            WHERE role = 'finance' OR NOT EXISTS (SELECT FROM people WHERE role = 'finance')
            ORDER BY email
            """
        case "contact":
            """
            SELECT coalesce(p.email, l.email)::text AS email
            FROM proposals o LEFT JOIN partners p ON p.id = o.partner_id LEFT JOIN leads l ON l.id = o.lead_id
            WHERE o.id = \(record) AND coalesce(p.email, l.email) IS NOT NULL
            """
        case "partner_contact":
            "SELECT email::text AS email FROM partners WHERE id = \(record)"
        case "opener":
            """
            SELECT u.email::text AS email FROM support_tickets t JOIN partner_users u ON u.id = t.opened_by
            WHERE t.id = \(record) AND u.is_active
            """
        default: nil
        }
    }
}
