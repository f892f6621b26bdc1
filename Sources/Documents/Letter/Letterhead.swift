/// The company at the head of its letters.
public struct Letterhead: Sendable, Equatable {
    /// The company's name.
    public var name: String
    /// The address, a line each.
    public var address: [String]
    /// Where questions go by mail.
    public var email: String
    /// Where questions go by telephone, if anywhere.
    public var phone: String?

    /// Makes a letterhead.
    public init(name: String, address: [String], email: String, phone: String? = nil) {
        (self.name, self.address, self.email, self.phone) = (name, address, email, phone)
    }

    /// The company as every mail shows it at its foot.
    public var templateValues: [String: TemplateValue] {
        [
            "sellerName": .text(name), "sellerEmail": .text(email), "sellerPhone": .optional(phone),
            "sellerAddress": .optional(address.filter { !$0.isEmpty }.joined(separator: ", ")),
        ]
    }
}
