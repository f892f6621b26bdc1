import Accounts

extension Resource {
    /// Everything that the API shows as records.
    ///
    /// - Parameters:
    ///   - events: The events that can be told to others.
    ///   - states: The states of a machine, by its name.
    /// - Returns: The resources, in the order in which the documentation shows them.
    static func all(events: [String], states: (String) -> [String]) -> [Resource] {
        selling(states) + notes + catalogue + stock + orders(states) + fulfilment(states) + money(states) + pay(states)
            + partners(states) + people + company + attention + webhooks(events)
    }
}

extension Set<Visitor.Kind> {
    static let everybody = Set(Visitor.Kind.allCases)
    static let admins: Set = [Visitor.Kind.admin]
    static let company: Set = [Visitor.Kind.admin, .salesRep]
    static let partners: Set = [Visitor.Kind.admin, .partnerUser]
}

extension Schema {
    /// A whole number as most columns hold it.
    static let count = Schema.integer(Int64(Int32.min)...Int64(Int32.max))
    /// A percentage in basis points.
    static let share = Schema.integer(0...100_000)
    /// A name or a line of text.
    static let line = Schema.text(1...200)
    /// A two-letter code.
    static let stateCode = Schema.text(2...2)
    /// An e-mail address.
    static let address = Schema.text(3...254)
    /// A few words, each of its own.
    static let words = Schema.list(of: .text(1...200), most: 100)
    static let businessType = Schema.choice(["grocery", "cafe", "restaurant", "gym", "convenience"])
    static let tier = Schema.choice(["starter", "growth", "enterprise"])
    static let terms = Schema.choice(["NET30", "NET60", "prepaid"])
    static let lostReason = Schema.choice(
        ["price", "competitor", "timing", "no_budget", "no_response", "not_a_fit", "other"])
    static let carrier = Schema.choice(["fedex", "ups", "usps", "xpo"])
    static let actorKind = Schema.choice(
        ["admin", "sales_rep", "partner_user", "lead", "customer", "system", "service"])
}
