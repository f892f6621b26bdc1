import Database
import Foundation
import StateMachines

/// What the request that makes a proposal says.
struct ProposalBody {
    /// One product of the body.
    struct Line {
        var product: UUID
        var unitPriceCents: Int64?
        var monthlyUnits: Int64?
    }

    static let asks: [Ask] = [
        Ask(name: "deal", type: .reference), Ask(name: "lead", type: .reference),
        Ask(name: "tier", type: .choice(["starter", "growth", "enterprise"])),
        Ask(name: "contract_months", type: .integer), Ask(name: "monthly_units", type: .integer),
        Ask(name: "payment_terms", type: .choice(["NET30", "NET60", "prepaid"])),
        Ask(name: "special_terms", type: .text), Ask(name: "items", type: .lines),
    ]

    var deal: UUID?
    var lead: UUID?
    var terms: ProposalFacts.Terms
    var lines: [Line]

    /// Reads a body.
    ///
    /// - Throws: `Refusal` with 422 and every fault.
    init(_ given: [String: JSONValue]) throws {
        let inputs = try Inputs(given, for: Self.asks)
        let tier = inputs.text("tier").flatMap(PartnerTier.init) ?? .starter
        self.deal = inputs.reference("deal")
        self.lead = inputs.reference("lead")
        self.terms = .init(
            tier: tier.rawValue, discountBP: tier.discount.value, monthlyUnits: inputs.integer("monthly_units") ?? 0,
            contractMonths: inputs.integer("contract_months") ?? 12,
            paymentTerms: inputs.text("payment_terms") ?? "NET30", special: inputs.text("special_terms"))
        self.lines = []
        var reasons: [Refusal.Reason] = []
        func fault(_ field: String, _ message: String) {
            reasons.append(.init(code: "input_invalid", message: message, field: field))
        }
        if ![6, 12, 24].contains(terms.contractMonths) { fault("contract_months", "Choose 6, 12 or 24 months.") }
        if !Self.counts.contains(terms.monthlyUnits) { fault("monthly_units", "The number is out of range.") }
        if deal == nil, lead == nil { fault("lead", "Name the lead or the deal that it is for.") }
        for value in inputs.lines("items") ?? [] {
            guard let line = Line(value) else {
                fault("items", "Give each product with its id, a price of at least 0 cents and its monthly units.")
                break
            }
            if lines.contains(where: { $0.product == line.product }) { fault("items", "A product stands there twice.") }
            lines.append(line)
        }
        guard reasons.isEmpty else { throw Refusal(status: 422, reasons: reasons) }
    }

    /// What the columns hold.
    fileprivate static let counts: ClosedRange<Int64> = 0...Int64(Int32.max)

    /// Locks and reads what the proposal is for, and the products.
    var reading: [SQL] {
        [
            LeadRows.lock("SELECT \(lead) UNION SELECT lead_id FROM deals WHERE id = \(deal)"),
            "SELECT id FROM deals WHERE id = \(deal) AND lead_id IS NULL FOR NO KEY UPDATE",
            """
            SELECT d.id AS deal_id, d.stage AS deal_stage, coalesce(d.lead_id, l.id) AS lead_id, d.partner_id,
                r.id AS rep_id, r.time_zone AS rep_zone,
                (SELECT coalesce(max(o.version), 0) + 1 FROM proposals o
                 WHERE CASE WHEN d.id IS NULL THEN o.lead_id = l.id AND o.deal_id IS NULL ELSE o.deal_id = d.id END)
                    AS version
            FROM (SELECT \(deal)::uuid AS deal, \(lead)::uuid AS lead) asked
            LEFT JOIN leads l ON l.id = asked.lead
            LEFT JOIN deals d ON d.id = asked.deal OR (asked.deal IS NULL AND d.lead_id = asked.lead)
            LEFT JOIN sales_reps r ON r.id = coalesce(d.sales_rep_id, l.sales_rep_id)
            """,
            """
            SELECT id, name, msrp_cents, cost_per_unit_cents FROM products WHERE id = ANY(\(lines.map(\.product)))
            """,
        ]
    }

    /// The facts of the draft, of the results of ``reading``.
    func facts(_ results: [StatementResult], id: UUID) throws -> ProposalFacts {
        guard let row = results[2].rows.first else { throw Refusal.unknownReference("lead", "lead") }
        let owner = try ProposalFacts.Deal(row)
        let lead = try row.optional("lead_id", as: UUID.self)
        if deal != nil, owner == nil { throw Refusal.unknownReference("deal", "deal") }
        if self.lead != nil, lead != self.lead { throw Refusal.unknownReference("lead", "lead of that deal") }
        guard let rep = try RepReference(row) else {
            throw Refusal(status: 409, code: "lead_has_no_rep", message: "Give the lead to a rep first.")
        }
        let products = try Dictionary(
            results[3].rows.map { (try $0.value("id", as: UUID.self), $0) }, uniquingKeysWith: { first, _ in first })
        let items = try lines.map { line in
            guard let product = products[line.product] else { throw Refusal.unknownReference("items", "product") }
            let listed = BasisPoints(10_000 - terms.discountBP).of(try product.value("msrp_cents"))
            return ProposalFacts.Item(
                product: line.product, name: try product.value("name"), unitPriceCents: line.unitPriceCents ?? listed,
                costCents: try product.value("cost_per_unit_cents"), monthlyUnits: line.monthlyUnits)
        }
        return ProposalFacts(
            id: id, lead: lead, partner: try row.optional("partner_id"), deal: owner, rep: rep,
            version: try row.value("version"), terms: terms, items: items)
    }
}

extension ProposalBody.Line {
    /// Reads one entry of the list; nil when it is none.
    init?(_ value: JSONValue) {
        guard case .object(let entry) = value, case .string(let text)? = entry["product"],
            let product = UUID(uuidString: text)
        else { return nil }
        func number(_ name: String, upTo limit: Int64) -> Int64?? {
            switch entry[name] ?? .null {
            case .null: .some(nil)
            case .integer(let number) where (0...limit).contains(number): number
            default: nil
            }
        }
        guard let price = number("unit_price_cents", upTo: Inputs.largestNumber),
            let units = number("monthly_units", upTo: ProposalBody.counts.upperBound),
            entry.keys.allSatisfy({ ["product", "unit_price_cents", "monthly_units"].contains($0) })
        else { return nil }
        self.init(product: product, unitPriceCents: price, monthlyUnits: units)
    }
}
