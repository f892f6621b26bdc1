/// What someone who has opened a ticket is told about it.
public struct TicketLetter: Sendable, Equatable {
    /// Who writes.
    public var letterhead: Letterhead
    /// The business.
    public var businessName: String
    /// Who has opened it.
    public var opener: String
    /// The ticket's number.
    public var number: String
    /// What it is about.
    public var subject: String

    /// Makes a letter.
    public init(letterhead: Letterhead, businessName: String, opener: String, number: String, subject: String) {
        (self.letterhead, self.businessName) = (letterhead, businessName)
        (self.opener, self.number, self.subject) = (opener, number, subject)
    }

    /// What the mail `ticket_received` can show.
    public var templateValues: [String: TemplateValue] {
        letterhead.templateValues.merging(
            [
                "greetingName": .text(opener), "buyerName": .text(businessName), "ticketNumber": .text(number),
                "ticketSubject": .text(subject),
            ]) { _, second in second }
    }
}
