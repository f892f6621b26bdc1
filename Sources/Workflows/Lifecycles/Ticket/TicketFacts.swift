public import Foundation
public import StateMachines

/// Everything that the moves of a ticket change.
public struct TicketFacts: Sendable {
    /// A message that is added to the ticket's conversation.
    public struct Post: Sendable, Hashable {
        /// Who wrote it.
        public var sender: Actor
        /// The writer's name, as it was.
        public var senderName: String
        /// What was written.
        public var body: String
        /// When, UTC.
        public var at: Date
    }

    /// The ticket.
    public var id: UUID
    /// Its number, `TCK-10001`; empty until `take_ticket_number`.
    public var number = ""
    /// The next number of the series; only while one is made.
    public var nextNumber: Int64 = 0
    /// Whose it is.
    public var partnerID: UUID
    /// Who opened it.
    public var openedBy: UUID
    /// What it is about, in one line.
    public var subject: String
    /// What it is about, of the known themes.
    public var category = "other"
    /// The admin who takes care of it.
    public var assigneeID: UUID?
    /// The order it is about; only while it is made.
    public var orderID: UUID?
    /// Its conversation.
    public var conversationID: UUID
    /// How many messages the conversation has.
    public var messages: Int64 = 0
    /// Who writes now, as messages name them.
    public var speaker = TicketFacts.company
    /// What was said when it was opened, and by whom; only while it is made.
    var firstMessage: String?
    var opener: Actor?
    /// Messages that are added.
    public var posts: [Post] = []

    /// Who speaks when the machine itself does.
    static let company = "Drizzl"
}

extension TicketFacts: Governed {
    /// A ticket has no dates to count from but its states'.
    public func value(ofFact name: String) -> FactValue? { nil }

    /// None.
    public func zone(named name: String) -> TimeZone? { nil }

    /// The columns that history shows; what was written stands in the conversation alone.
    public var columns: [String: JSONValue] {
        [
            "number": .string(number), "subject": .string(subject), "category": .string(category),
            "assignee_id": .orNull(assigneeID), "messages": .integer(messages),
        ]
    }

    /// Nothing: the states of a ticket stamp no column.
    public mutating func stamp(_ column: String, at moment: Date, calendar: CompanyCalendar) {}

    /// Adds a message to the conversation.
    mutating func post(_ body: String, by sender: Actor, at moment: Date) {
        posts.append(Post(sender: sender, senderName: speaker, body: body, at: moment))
        messages += 1
    }
}

/// The applies of `workflows/ticket.yaml`; it has no guards.
enum TicketApplies {
    static let all: [String: @Sendable (inout TicketFacts, MoveContext) -> Void] = [
        "take_ticket_number": { facts, _ in facts.number = NumberSeries.ticket.text(facts.nextNumber) },
        "post_message": { facts, context in
            guard let body = context.inputs.text("message") else { return }
            facts.post(body, by: context.actor, at: context.asOf)
        },
    ]
}
