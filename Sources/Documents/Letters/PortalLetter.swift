/// A short mail with one link into the portal: a notice, or an invitation.
public struct PortalLetter: Sendable {
    /// Who writes.
    public var seller: Letterhead
    /// Whom it greets.
    public var greetingName: String
    /// One line.
    public var title: String
    /// A sentence.
    public var message: String
    /// Where it leads.
    public var link: String

    /// Makes a letter.
    public init(
        seller: Letterhead, greetingName: String, title: String, message: String, link: String
    ) {
        (self.seller, self.greetingName, self.title) = (seller, greetingName, title)
        (self.message, self.link) = (message, link)
    }

    /// What the mails `notice` and `invitation` can show.
    public var templateValues: [String: TemplateValue] {
        var values = seller.templateValues
        values["greetingName"] = .optional(greetingName)
        values["title"] = .text(title)
        values["message"] = .optional(message)
        values["link"] = .text(link)
        return values
    }
}
