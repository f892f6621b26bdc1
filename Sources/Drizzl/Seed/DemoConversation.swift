import Database
import Foundation
import StateMachines
import Workflows

/// A talk, message by message.
struct DemoConversation: Codable, Sendable {
    struct Member: Codable, Sendable {
        /// As ``DemoNames`` reads it.
        var who: String
        /// The name that the messages show.
        var name: String
        /// The last message that was read.
        var read: Int
    }

    struct Message: Codable, Sendable {
        var at: String
        /// Which of the members.
        var by: Int
        var text: String
        var via: String?
    }

    var key: String
    var kind: String
    var subject: String?
    var inbox: String?
    var isUrgent: Bool
    /// The partner by which it is seen.
    var partner: String?
    /// What it is about, `order:ORD-10142`.
    var about: String?
    var members: [Member]
    var messages: [Message]

    /// The talk at its newest message: all of it has been said by then.
    func steps(_ calendar: DemoCalendar) throws -> [DemoStep] {
        guard let newest = messages.last else { return [] }
        let id = DemoNames.id("conversation:\(key)")
        let last = try calendar.moment(newest.at)
        var rows = [
            DemoRow(partner.map { "partner:\($0)" } ?? "conversation:\(key)", about ?? "conversation:\(key)") { ids in
                """
                INSERT INTO conversations (id, kind, subject, inbox, is_urgent, partner_id, related_type, related_id,
                    last_message_at, last_seq)
                VALUES (\(id), \(kind), \(subject), \(inbox), \(isUrgent), \(partner == nil ? nil : ids[0]),
                    \(about?.split(separator: ":").first.map(String.init)), \(about == nil ? nil : ids[1]), \(last),
                    \(messages.count))
                ON CONFLICT DO NOTHING
                """
            }
        ]
        rows += members.map { member in
            DemoRow(member.who) { ids in
                """
                INSERT INTO conversation_participants (conversation_id, member_kind, member_id, last_read_seq)
                VALUES (\(id), \(Self.kind(of: member.who)), \(ids[0]), \(member.read)) ON CONFLICT DO NOTHING
                """
            }
        }
        rows += try messages.enumerated().map { index, message in
            let (sender, sent) = (members[message.by], try calendar.moment(message.at))
            return DemoRow(sender.who) { ids in
                """
                INSERT INTO messages (id, conversation_id, seq, sender_kind, sender_id, sender_name, body, via, sent_at)
                VALUES (\(DemoNames.id("message:\(key):\(index + 1)")), \(id), \(index + 1),
                    \(Self.kind(of: sender.who)), \(ids[0]), \(sender.name), \(message.text), \(message.via ?? "app"),
                    \(sent))
                ON CONFLICT DO NOTHING
                """
            }
        }
        return [DemoStep(at: newest.at, action: .rows(rows))]
    }

    /// How the tables call somebody of that name.
    private static func kind(of name: String) -> String {
        switch name.split(separator: ":").first {
        case "admin": "admin"
        case "rep": "sales_rep"
        case "lead": "lead"
        default: "partner_user"
        }
    }
}
