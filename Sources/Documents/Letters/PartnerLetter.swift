/// What a business is told about its own account: that it was not accepted, or that it is closed.
public struct PartnerLetter: Sendable, Equatable {
    /// Who writes.
    public var letterhead: Letterhead
    /// To whom.
    public var partner: Addressee
    /// Why; empty when no reason was given.
    public var reason: String

    /// Makes a letter.
    public init(letterhead: Letterhead, partner: Addressee, reason: String) {
        (self.letterhead, self.partner, self.reason) = (letterhead, partner, reason)
    }

    /// What the mails `partner_rejected` and `partner_closed` can show.
    public var templateValues: [String: TemplateValue] {
        var values = letterhead.templateValues.merging(partner.templateValues) { first, _ in first }
        values["reason"] = .optional(reason)
        return values
    }
}
