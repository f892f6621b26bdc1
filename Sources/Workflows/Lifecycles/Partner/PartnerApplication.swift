import Foundation
import StateMachines

/// The body of a request for an account, read and found right.
struct PartnerApplication {
    var details: PartnerFacts.Details
    var zone: TimeZone
    var terms: PaymentTerms
    var owner: PartnerFacts.Owner
    var salesRepID: UUID?

    static let businessTypes: [Word] = ["grocery", "cafe", "restaurant", "gym", "convenience"]

    /// What a partner says of itself.
    static let body: [Ask] =
        [
            Ask(name: "business_name", type: .text, isRequired: true),
            Ask(name: "business_type", type: .choice(businessTypes), isRequired: true),
            Ask(name: "contact_name", type: .text, isRequired: true),
            Ask(name: "email", type: .text, isRequired: true), Ask(name: "phone", type: .text, isRequired: true),
            Ask(name: "address", type: .text, isRequired: true), Ask(name: "city", type: .text, isRequired: true),
            Ask(name: "state", type: .text, isRequired: true), Ask(name: "zip_code", type: .text, isRequired: true),
            Ask(name: "time_zone", type: .text), Ask(name: "website", type: .text),
            Ask(name: "payment_terms", type: .choice(["prepaid", "NET30", "NET60"])),
            Ask(name: "owner_first_name", type: .text), Ask(name: "owner_last_name", type: .text),
        ]

    /// What an admin may say of it besides.
    static let adminBody: [Ask] = body + [Ask(name: "sales_rep", type: .reference)]

    /// Reads a body.
    ///
    /// - Throws: `Refusal` with 422 and every fault.
    init(_ command: Command) throws(Refusal) {
        let inputs = try Inputs(command.inputs, for: command.actor.kind == .admin ? Self.adminBody : Self.body)
        func text(_ name: String) -> String {
            inputs.text(name)?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
        }
        details = PartnerFacts.Details(
            businessName: text("business_name"), businessType: text("business_type"),
            contactName: text("contact_name"), email: text("email"), phone: text("phone"), address: text("address"),
            city: text("city"), state: text("state").uppercased(), zipCode: text("zip_code"),
            website: text("website").isEmpty ? nil : text("website"))
        terms = inputs.text("payment_terms").flatMap(PaymentTerms.init) ?? .net30
        let names = PartnerFacts.Owner(contact: details.contactName)
        owner = PartnerFacts.Owner(
            firstName: text("owner_first_name").isEmpty ? names.firstName : text("owner_first_name"),
            lastName: text("owner_last_name").isEmpty ? names.lastName : text("owner_last_name"))
        salesRepID = inputs.reference("sales_rep")

        let named = text("time_zone")
        let zone = named.isEmpty ? StateZone.zone(of: details.state) : StateZone.known(named)
        var faults: [Refusal.Reason] = []
        if !Self.isAddress(details.email) { faults.append(.invalid("email", "Write an address as name@company.com.")) }
        if zone == nil, !named.isEmpty { faults.append(.invalid("time_zone", "There is no such time zone.")) }
        if !StateZone.isState(details.state) {
            faults.append(.invalid("state", "Write the state as two letters, such as CA."))
        }
        guard faults.isEmpty, let zone else { throw Refusal(status: 422, reasons: faults) }
        self.zone = zone
    }

    /// Whether a text can be an address; whether it is one, only a mail to it tells.
    static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && !text.contains(where: \.isWhitespace)
            && text.unicodeScalars.count <= 254
    }
}

extension PartnerFacts.Owner {
    /// The first word of a contact's name is the first name, the others the last.
    init(contact: String) {
        let words = contact.split(whereSeparator: \.isWhitespace)
        self.init(
            firstName: words.first.map(String.init) ?? contact,
            lastName: words.dropFirst().joined(separator: " "))
    }
}

extension Refusal.Reason {
    static func invalid(_ field: String, _ message: String) -> Refusal.Reason {
        .init(code: "input_invalid", message: message, field: field)
    }
}

/// The time zone in which most of a state's people live: what a partner's zone is until it says another.
enum StateZone {
    private static let states: [String: String] = [
        "America/New_York": "CT DC DE FL GA IN KY MA MD ME MI NC NH NJ NY OH PA RI SC VA VT WV",
        "America/Chicago": "AL AR IA IL KS LA MN MO MS ND NE OK SD TN TX WI",
        "America/Denver": "CO ID MT NM UT WY",
        "America/Phoenix": "AZ",
        "America/Los_Angeles": "CA NV OR WA",
        "America/Anchorage": "AK",
        "Pacific/Honolulu": "HI",
        "America/Puerto_Rico": "PR VI",
    ]
    private static let zones: [String: String] = states.reduce(into: [:]) { zones, entry in
        for state in entry.value.split(separator: " ") { zones[String(state)] = entry.key }
    }

    static func isState(_ state: String) -> Bool { zones[state] != nil }

    static func zone(of state: String) -> TimeZone? { zones[state].flatMap(TimeZone.init(identifier:)) }

    /// A zone by its IANA name; the other names that the platform knows are not kept.
    static func known(_ name: String) -> TimeZone? {
        TimeZone.knownTimeZoneIdentifiers.contains(name) ? TimeZone(identifier: name) : nil
    }
}
