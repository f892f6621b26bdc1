import Database
import Foundation
import StateMachines

/// The statements of a ticket and its conversation.
enum TicketRows {
    static func tickets(_ records: SQL, locking: Bool) -> SQL {
        // The conversation's row is locked with the ticket's: the number of a message is the next one there.
        let lock: SQL = locking ? "FOR NO KEY UPDATE OF t, c" : ""
        return """
            SELECT t.id, t.number, t.partner_id, t.opened_by, t.subject, t.category, t.assignee_id, t.conversation_id,
                c.last_seq, t.status, t.status_seq, t.status_since
            FROM support_tickets t JOIN conversations c ON c.id = t.conversation_id
            WHERE t.id IN (\(records)) ORDER BY t.id
            \(lock)
            """
    }

    /// The name of who acts; no row for the machine itself.
    static func name(of actor: Actor?) -> SQL {
        let id = actor?.id
        return switch actor?.kind {
        case .admin: "SELECT first_name || ' ' || last_name AS name FROM admins WHERE id = \(id)"
        case .partnerUser: "SELECT first_name || ' ' || last_name AS name FROM partner_users WHERE id = \(id)"
        default: "SELECT NULL::text AS name WHERE false"
        }
    }

    /// The person for whom a ticket is opened: the user who asks, or for an admin the partner's first active owner.
    static func opener(_ actor: Actor, partner: UUID?) -> SQL {
        if actor.kind == .partnerUser {
            return """
                SELECT id, partner_id, first_name || ' ' || last_name AS name FROM partner_users
                WHERE id = \(actor.id) AND is_active
                """
        }
        return """
            SELECT id, partner_id, first_name || ' ' || last_name AS name FROM partner_users
            WHERE partner_id = \(partner) AND is_active AND role = 'owner' ORDER BY id LIMIT 1
            """
    }

    static func insert(_ facts: TicketFacts, _ standing: RecordStanding) -> [SQL] {
        let related: String? = facts.orderID == nil ? nil : "order"
        var statements: [SQL] = [
            """
            INSERT INTO conversations (id, kind, subject, related_type, related_id, partner_id, inbox, last_message_at)
            VALUES (\(facts.conversationID), 'shared_inbox', \(facts.subject), \(related), \(facts.orderID),
                \(facts.partnerID), 'support', \(standing.since))
            """,
            """
            INSERT INTO conversation_participants (conversation_id, member_kind, member_id)
            VALUES (\(facts.conversationID), 'partner_user', \(facts.openedBy))
            """,
            """
            INSERT INTO support_tickets (id, number, partner_id, opened_by, subject, category, assignee_id,
                conversation_id, status, status_seq, status_since)
            VALUES (\(facts.id), \(facts.number), \(facts.partnerID), \(facts.openedBy), \(facts.subject),
                \(facts.category), \(facts.assigneeID), \(facts.conversationID),
                \(standing.state), \(standing.seq), \(standing.since))
            """,
            NumberSeries.ticket.take,
        ]
        statements += posts(of: facts)
        return statements
    }

    /// Writes the row if it still stands where it was locked; anything else aborts the transaction.
    static func update(_ facts: TicketFacts, _ standing: RecordStanding, from before: RecordStanding) -> [SQL] {
        let moved: SQL = """
            WITH moved AS (
                UPDATE support_tickets
                SET status = \(standing.state), status_seq = \(standing.seq), status_since = \(standing.since)
                WHERE id = \(facts.id) AND status = \(before.state) AND status_seq = \(before.seq)
                RETURNING 1
            )
            SELECT workflow_demand_one((SELECT count(*) FROM moved), 'ticket')
            """
        return [moved] + posts(of: facts)
    }

    /// Writes the new messages; who writes takes part from then on.
    private static func posts(of facts: TicketFacts) -> [SQL] {
        guard let last = facts.posts.last else { return [] }
        let first = facts.messages - Int64(facts.posts.count) + 1
        var statements: [SQL] = []
        for (offset, post) in facts.posts.enumerated() {
            let type = post.sender.kind == .system ? "system" : "text"
            statements.append(
                """
                INSERT INTO messages (id, conversation_id, seq, sender_kind, sender_id, sender_name, body,
                    message_type, sent_at)
                VALUES (\(UUID.v7()), \(facts.conversationID), \(first + Int64(offset)), \(post.sender.kind.rawValue),
                    \(post.sender.id), \(post.senderName), \(post.body), \(type), \(post.at))
                """)
            if let id = post.sender.id, post.sender.kind == .admin || post.sender.kind == .partnerUser {
                statements.append(
                    """
                    INSERT INTO conversation_participants (conversation_id, member_kind, member_id, joined_seq)
                    VALUES (\(facts.conversationID), \(post.sender.kind.rawValue), \(id), 0)
                    ON CONFLICT DO NOTHING
                    """)
            }
        }
        statements.append(
            """
            UPDATE conversations SET last_seq = \(facts.messages), last_message_at = \(last.at)
            WHERE id = \(facts.conversationID)
            """)
        return statements
    }
}
