import Foundation
import StateMachines

/// What the request that makes a lead may say.
enum LeadBody {
    static let sources: [Word] = ["website", "referral", "cold_call", "trade_show", "linkedin", "email_campaign"]
    static let businessTypes: [Word] = ["grocery", "cafe", "restaurant", "gym", "convenience"]

    private static let asks: [Ask] = [
        Ask(name: "company_name", type: .text, isRequired: true),
        Ask(name: "contact_name", type: .text), Ask(name: "contact_title", type: .text),
        Ask(name: "email", type: .text), Ask(name: "phone", type: .text), Ask(name: "website", type: .text),
        Ask(name: "business_type", type: .choice(businessTypes)), Ask(name: "industry", type: .text),
        Ask(name: "address", type: .text), Ask(name: "city", type: .text), Ask(name: "state", type: .text),
        Ask(name: "zip_code", type: .text), Ask(name: "source", type: .choice(sources)),
        Ask(name: "source_details", type: .text), Ask(name: "estimated_value_cents", type: .money),
        Ask(name: "estimated_units", type: .integer), Ask(name: "expected_close_date", type: .date),
        Ask(name: "products_interested", type: .lines),
        Ask(name: "budget", type: .choice(["confirmed", "estimated", "unknown"])),
        Ask(name: "authority", type: .choice(["decision_maker", "influencer", "gatekeeper"])),
        Ask(name: "need", type: .choice(["urgent", "medium", "exploring"])),
        Ask(name: "timeline", type: .choice(["immediate", "30_days", "90_days", "long_term"])),
    ]

    /// What `actor` is asked for: a visitor chooses no rep.
    static func asks(of actor: Actor) -> [Ask] {
        actor.role == "visitor" ? asks : asks + [Ask(name: "sales_rep", type: .reference)]
    }

    /// Reads the body.
    ///
    /// - Throws: `Refusal` with 422 and every fault.
    static func read(_ command: [String: JSONValue], of actor: Actor) throws -> Inputs {
        let inputs = try Inputs(command, for: asks(of: actor))
        var reasons: [Refusal.Reason] = []
        if let email = inputs.text("email"), !looksLikeAddress(email) {
            reasons.append(
                .init(code: "input_invalid", message: "Email: write an address, name@company.com.", field: "email"))
        }
        if let state = inputs.text("state"), state.count != 2 || !state.allSatisfy({ $0.isASCII && $0.isUppercase }) {
            reasons.append(
                .init(code: "input_invalid", message: "State: write the two letters, CA.", field: "state"))
        }
        for name in ["estimated_value_cents", "estimated_units"] {
            guard let number = inputs.integer(name), number < 0 || number > limits[name, default: .max] else {
                continue
            }
            reasons.append(.init(code: "input_invalid", message: "The number is out of range.", field: name))
        }
        if let products = inputs.lines("products_interested"), products.count != ids(products).count {
            reasons.append(
                .init(code: "input_invalid", message: "Give the ids of products.", field: "products_interested"))
        }
        guard reasons.isEmpty else { throw Refusal(status: 422, reasons: reasons) }
        return inputs
    }

    /// The ids in a list; what is none is left out.
    static func ids(_ values: [JSONValue]?) -> [UUID] {
        (values ?? []).compactMap { if case .string(let text) = $0 { UUID(uuidString: text) } else { nil } }
    }

    // The column is a 32-bit number.
    private static let limits: [String: Int64] = ["estimated_units": Int64(Int32.max)]

    private static func looksLikeAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty && parts[1].contains(".") && !text.contains(where: \.isWhitespace)
    }
}

extension LeadFacts {
    /// The facts with which a lead begins, of the body of a request.
    init(id: UUID, _ inputs: Inputs, rep: RepReference?) {
        var details = Details(
            companyName: inputs.text("company_name") ?? "", source: inputs.text("source") ?? "website")
        details.businessType = inputs.text("business_type")
        details.industry = inputs.text("industry")
        details.contactName = inputs.text("contact_name")
        details.contactTitle = inputs.text("contact_title")
        details.email = inputs.text("email")
        details.phone = inputs.text("phone")
        details.website = inputs.text("website")
        details.address = inputs.text("address")
        details.city = inputs.text("city")
        details.state = inputs.text("state")
        details.zipCode = inputs.text("zip_code")
        details.sourceDetails = inputs.text("source_details")
        self.init(id: id, details: details, rep: rep)
        self.answers = Qualification(
            budget: inputs.text("budget"), authority: inputs.text("authority"), need: inputs.text("need"),
            timeline: inputs.text("timeline"))
        self.outlook = Outlook(
            annualValueCents: inputs.integer("estimated_value_cents"), monthlyUnits: inputs.integer("estimated_units"),
            expectedCloseDate: inputs.day("expected_close_date"),
            products: LeadBody.ids(inputs.lines("products_interested")))
    }
}
