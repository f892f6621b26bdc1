import Database
import Foundation
import StateMachines

/// What deals are made from: the body of a request, or a lead that is qualified.
enum DealOrigins {
    /// How long after its beginning a deal is expected to be decided when nobody has said.
    static let daysToClose = 90

    static let body: [Ask] = [
        Ask(name: "lead", type: .reference), Ask(name: "partner", type: .reference), Ask(name: "name", type: .text),
        Ask(name: "kind", type: .choice(["new_business", "upsell", "renewal"])),
        Ask(name: "value_cents", type: .money, isRequired: true),
        Ask(name: "expected_close_date", type: .date, isRequired: true),
        Ask(name: "sales_rep", type: .reference),
    ]

    static func prepare(_ command: Command) throws -> [SQL] {
        let inputs = try Inputs(command.inputs, for: body)
        let partner = inputs.reference("partner")
        let owner = inputs.reference("sales_rep") ?? (command.actor.role == "rep" ? command.actor.id : nil)
        return DealRows.origin(lead: inputs.reference("lead")) + [
            """
            SELECT p.id AS partner_id, p.business_name AS partner_name, p.status AS partner_status,
                r.id AS rep_id, r.time_zone AS rep_zone
            FROM partners p LEFT JOIN sales_reps r ON r.id = p.sales_rep_id
            WHERE p.id = \(partner)
            """,
            RepReference.find(owner),
        ]
    }

    static func prepared(_ results: [StatementResult], for command: Command) throws -> DealFacts? {
        let inputs = try Inputs(command.inputs, for: body)
        let (lead, partner, named) = (results[1].rows.first, results[2].rows.first, results[3].rows.first)
        if inputs.reference("lead") != nil, lead == nil { throw Refusal.unknownReference("lead", "lead") }
        if inputs.reference("partner") != nil, partner == nil { throw Refusal.unknownReference("partner", "partner") }
        if inputs.reference("sales_rep") != nil, named == nil { throw Refusal.unknownReference("sales_rep", "rep") }
        guard let value = inputs.integer("value_cents"), value >= 0 else {
            throw Refusal(
                status: 422, code: "input_invalid", message: "The value is not below zero.", field: "value_cents")
        }
        try refuse(lead)
        let reps = try [named, partner, lead].compactMap { row in try row.flatMap(RepReference.init) }
        guard let rep = reps.first, let close = inputs.day("expected_close_date") else {
            throw Refusal(status: 422, code: "input_missing", message: "Choose a rep.", field: "sales_rep")
        }
        let kind = inputs.text("kind").flatMap(DealFacts.Kind.init) ?? .newBusiness
        let facts = try DealFacts(
            id: command.record, name: "", kind: kind, valueCents: value, expectedCloseDate: close, rep: rep,
            lead: lead.flatMap(DealFacts.Lead.init),
            partner: partner.flatMap { try DealFacts.Partner($0, prefix: "partner") })
        return try facts.named(inputs.text("name"), shownIn: lead)
    }

    /// A lead has one deal, and opens it itself by being qualified: then the two agree from the beginning.
    private static func refuse(_ lead: Row?) throws {
        guard let lead else { return }
        if try lead.optional("deal_id", as: UUID.self) != nil {
            throw Refusal(status: 409, code: "lead_has_deal", message: "This lead has a deal already.", field: "lead")
        }
        if try ["new", "contacted", "closed_lost"].contains(lead.value("lead_status", as: String.self)) {
            throw Refusal(
                status: 409, code: "lead_opens_deal", message: "Qualify the lead; that opens its deal.", field: "lead")
        }
    }

    /// A deal with the lead's value, close date and products; once per lead.
    static var ofLead: Factory<DealFacts> {
        Factory(
            read: { DealRows.origin(lead: $0.record) },
            make: { results, source in
                guard let row = results[1].rows.first, try row.optional("deal_id", as: UUID.self) == nil else {
                    return []
                }
                guard let rep = try RepReference(row) else {
                    throw Refusal(
                        status: 409, code: "lead_has_no_rep", message: "Give the lead to a rep first.")
                }
                let latest = source.calendar.day(of: source.asOf).adding(days: daysToClose)
                let id = UUID.v7()
                let facts = try DealFacts(
                    id: id, name: "", valueCents: row.optional("estimated_value_cents") ?? 0,
                    expectedCloseDate: row.optional("expected_close_date") ?? latest, rep: rep,
                    lead: DealFacts.Lead(row), products: row.value("products_interested"))
                return [NewRecord(id: id, facts: try facts.named(nil, shownIn: row))]
            })
    }
}

extension DealFacts {
    /// The same deal with its name and what its lead shows.
    fileprivate func named(_ name: String?, shownIn lead: Row?) throws -> DealFacts {
        var facts = self
        let what = kind == .newBusiness ? "Partnership" : kind == .upsell ? "Upsell" : "Renewal"
        facts.name = name ?? "\(facts.lead?.companyName ?? partner?.businessName ?? "Deal") - \(what)"
        facts.hasHeldDemo = try lead?.value("has_held_demo") ?? false
        return facts
    }
}
