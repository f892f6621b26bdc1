public import Database
import Foundation
public import StateMachines

/// The code behind `workflows/ticket.yaml`: a question or complaint of a partner (L-15).
public struct TicketLifecycle: Lifecycle {
    /// Makes it.
    public init() {}

    /// `ticket`.
    public static let machine = "ticket"

    /// What a partner says when it asks.
    static let body: [Ask] = [
        Ask(name: "subject", type: .text, isRequired: true),
        Ask(
            name: "category",
            type: .choice(["order", "invoice", "delivery", "product", "account", "other"])),
        Ask(name: "message", type: .text), Ask(name: "order", type: .reference),
    ]

    /// What an admin says who opens one for a partner.
    static let adminBody: [Ask] = body + [Ask(name: "partner", type: .reference, isRequired: true)]

    /// Applies by name.
    public var rules: Rules<TicketFacts> { Rules(guards: [:], applies: TicketApplies.all) }

    /// None: nothing that happens elsewhere moves a ticket.
    public var finders: [String: Finder] { [:] }

    /// None.
    public var factories: [String: Factory<TicketFacts>] { [:] }

    /// Reads tickets with their conversations, and the name of who acts.
    public func load(_ records: SQL, for command: Command?, locking: Bool) -> [SQL] {
        [TicketRows.tickets(records, locking: locking), TicketRows.name(of: command?.actor)]
    }

    /// The tickets.
    ///
    /// - Throws: `DatabaseError` when a row cannot be decoded.
    public func loaded(_ results: [StatementResult]) throws -> [Loaded<TicketFacts>] {
        let speaker = try results[1].rows.first?.optional("name", as: String.self)
        return try results[0].rows.map { row in
            var facts = TicketFacts(
                id: try row.value("id"), partnerID: try row.value("partner_id"),
                openedBy: try row.value("opened_by"), subject: try row.value("subject"),
                conversationID: try row.value("conversation_id"))
            facts.number = try row.value("number")
            facts.category = try row.value("category")
            facts.assigneeID = try row.optional("assignee_id")
            facts.messages = try row.value("last_seq")
            facts.speaker = speaker ?? TicketFacts.company
            let standing = RecordStanding(
                id: facts.id, state: try row.value("status"), seq: try row.value("status_seq"),
                since: try row.value("status_since"))
            return Loaded(standing: standing, facts: facts)
        }
    }

    /// Reads for whom the ticket is, whether the order is theirs, and the next number.
    ///
    /// - Throws: `Refusal` with 422 and every fault of the body.
    public func prepare(_ command: Command) throws -> [SQL] {
        let inputs = try read(command)
        let opener = TicketRows.opener(command.actor, partner: inputs.reference("partner"))
        return [
            opener,
            "SELECT o.id FROM orders o JOIN (\(opener)) u ON u.partner_id = o.partner_id WHERE o.id = \(inputs.reference("order"))",
            TicketRows.name(of: command.actor),
            NumberSeries.ticket.lockNext,
        ]
    }

    /// The facts of a new ticket; nil when there is no such partner.
    ///
    /// - Throws: `Refusal` with 422; `DatabaseError` when a row cannot be decoded.
    public func prepared(_ results: [StatementResult], for command: Command) throws -> TicketFacts? {
        let inputs = try read(command)
        guard let opener = results[0].rows.first, let series = results[3].rows.first else { return nil }
        if inputs.reference("order") != nil, results[1].rows.isEmpty {
            throw Refusal(
                status: 422, code: "input_invalid", message: "The partner has no such order.", field: "order")
        }
        var facts = TicketFacts(
            id: command.record, partnerID: try opener.value("partner_id"), openedBy: try opener.value("id"),
            subject: inputs.text("subject") ?? "", conversationID: UUID.v7())
        facts.nextNumber = try series.value("next")
        facts.category = inputs.text("category") ?? facts.category
        facts.orderID = inputs.reference("order")
        facts.speaker = try results[2].rows.first?.optional("name") ?? TicketFacts.company
        facts.firstMessage = inputs.text("message").flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 }
        facts.opener = command.actor
        return facts
    }

    /// Writes a new ticket with its conversation and its first message.
    public func insert(_ change: Change<TicketFacts>) -> [SQL] {
        var facts = change.facts
        if let message = facts.firstMessage, let opener = facts.opener {
            facts.post(message, by: opener, at: change.standing.since)
        }
        return TicketRows.insert(facts, change.standing)
    }

    /// Writes the ticket by compare and swap, and what was said.
    public func update(_ change: Change<TicketFacts>, before: Loaded<TicketFacts>) -> [SQL] {
        TicketRows.update(change.facts, change.standing, from: before.standing)
    }

    private func read(_ command: Command) throws(Refusal) -> Inputs {
        try Inputs(command.inputs, for: command.actor.kind == .admin ? Self.adminBody : Self.body)
    }
}
