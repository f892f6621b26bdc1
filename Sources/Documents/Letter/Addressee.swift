/// The business that a letter is for.
public struct Addressee: Sendable, Equatable {
    /// The business's name.
    public var businessName: String
    /// The person at the business, if known.
    public var contact: String?
    /// The address, a line each.
    public var address: [String]

    /// Makes an addressee.
    public init(businessName: String, contact: String? = nil, address: [String]) {
        (self.businessName, self.contact, self.address) = (businessName, contact, address)
    }

    /// The business as mails greet it.
    public var templateValues: [String: TemplateValue] {
        [
            "buyerName": .text(businessName),
            "greetingName": .text(contact.flatMap { $0.isEmpty ? nil : $0 } ?? businessName),
        ]
    }
}
