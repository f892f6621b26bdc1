public import Database
public import Documents
import Foundation

extension PartnerLetter {
    /// Reads what a partner is told about its account.
    ///
    /// - Parameters:
    ///   - request: The partner, and the event, whose reason is given.
    ///   - session: A session or transaction.
    /// - Returns: nil when there is no such partner.
    /// - Throws: `DatabaseError`.
    public static func read(_ request: PaperRequest, in session: Session) throws -> PartnerLetter? {
        let row = try session.first(
            """
            SELECT p.business_name, p.contact_name, coalesce(e.reason, e.inputs ->> 'reason', p.closed_reason, '') AS reason
            FROM partners p LEFT JOIN workflow_events e ON e.id = \(request.event)
            WHERE p.id = \(request.record)
            """)
        return try row.map { row in
            PartnerLetter(
                letterhead: request.company.letterhead,
                partner: Addressee(
                    businessName: try row.value("business_name"), contact: try row.optional("contact_name"), address: []
                ),
                reason: try row.value("reason"))
        }
    }
}

extension TicketLetter {
    /// Reads what the opener of a ticket is told.
    ///
    /// - Parameters:
    ///   - request: The ticket.
    ///   - session: A session or transaction.
    /// - Returns: nil when there is no such ticket.
    /// - Throws: `DatabaseError`.
    public static func read(_ request: PaperRequest, in session: Session) throws -> TicketLetter? {
        let row = try session.first(
            """
            SELECT t.number, t.subject, p.business_name, u.first_name || ' ' || u.last_name AS opener
            FROM support_tickets t
            JOIN partners p ON p.id = t.partner_id
            JOIN partner_users u ON u.id = t.opened_by
            WHERE t.id = \(request.record)
            """)
        return try row.map { row in
            TicketLetter(
                letterhead: request.company.letterhead, businessName: try row.value("business_name"),
                opener: try row.value("opener"), number: try row.value("number"), subject: try row.value("subject"))
        }
    }
}
