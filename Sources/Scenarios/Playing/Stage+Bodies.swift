import Database
import Foundation
import StateMachines

extension Stage {
    /// The answers that qualify a lead.
    static let bant: [String: String] = [
        "budget": "confirmed", "authority": "decision_maker", "need": "urgent", "timeline": "immediate",
    ]

    /// The body of a request that makes a record: what the step says, and what such a record needs besides.
    func body(
        of step: ScenarioStep.Performance, record: Record
    ) async throws -> [String: JSONValue] {
        var body: [String: JSONValue] = [:]
        for pair in step.inputs.without(["rep"]) { body[pair.key.text] = try await json(pair) }
        if let rep = step.inputs["rep"]?.text { body["sales_rep"] = .string(try await self.rep(rep).uuidString) }
        switch record.machine {
        case "partner": return fill(body, details("Corner Market").merging(["business_type": "cafe"]) { $1 })
        case "lead": return lead(body)
        case "deal": return try await deal(body)
        case "proposal": return try await proposal(body)
        case "activity": return activity(body)
        case "order": return try await order(body, step)
        case "shipment": return try await shipment(body, record)
        case "commission": return try await commission(body)
        case "ticket": return fill(body, ["subject": "A question"])
        case "integration":
            return fill(body, ["platform": "square", "access_token": "token", "refresh_token": "token"])
        default: return body
        }
    }

    /// Everything that a partner needs: who and where.
    func details(_ company: String) -> [String: JSONValue] {
        made += 1
        return [
            "business_name": .string(company), "contact_name": "Maya Flores", "phone": "(555) 818-2207",
            "email": .string("maya.\(made)@partner.example"), "address": "14 Ocean Avenue", "city": "Santa Monica",
            "state": "CA", "zip_code": "90401",
        ]
    }

    /// A day that is far enough ahead to be of no matter.
    private var farAhead: JSONValue {
        .string(CalendarDay(clock, in: scenario.zone).adding(days: 120).description)
    }

    /// What is given, and of the rest what is missing.
    private func fill(_ body: [String: JSONValue], _ rest: [String: JSONValue]) -> [String: JSONValue] {
        body.merging(rest) { given, _ in given }
    }

    private func lead(_ given: [String: JSONValue]) -> [String: JSONValue] {
        var body = given
        if body.removeValue(forKey: "bant") == .boolean(true) {
            for (key, value) in Self.bant { body[key] = .string(value) }
            body["expected_close_date"] = farAhead
        }
        if let value = body.removeValue(forKey: "value_cents") { body["estimated_value_cents"] = value }
        if body.removeValue(forKey: "details") == .boolean(true) {
            var details = details("")
            details["business_name"] = nil
            body = fill(body, details.merging(["business_type": "grocery"]) { $1 })
        }
        // Whoever is invited to a meeting has an address.
        made += 1
        return fill(
            body,
            [
                "company_name": "Example Foods", "contact_name": "Jennifer Smith",
                "email": .string("lead.\(made)@lead.example"),
            ])
    }

    private func deal(_ given: [String: JSONValue]) async throws -> [String: JSONValue] {
        var body = fill(given, ["value_cents": 1_000_000, "expected_close_date": farAhead, "name": "A deal"])
        let isNew = body["kind"] == nil || body["kind"] == "new_business"
        if body["lead"] == nil, isNew, let lead = try await newest("lead") {
            body["lead"] = .string(lead.id.uuidString)
        }
        if body["partner"] == nil, !isNew { body["partner"] = try await anyPartner() }
        return body
    }

    private func proposal(_ given: [String: JSONValue]) async throws -> [String: JSONValue] {
        var body = given
        let isBelowFloor = body.removeValue(forKey: "below_floor") == .boolean(true)
        if body["lead"] == nil, body["deal"] == nil, body["partner"] == nil {
            if let deal = try await newest("deal") {
                body["deal"] = .string(deal.id.uuidString)
            } else if let lead = try await newest("lead") {
                body["lead"] = .string(lead.id.uuidString)
            } else {
                body["partner"] = try await anyPartner()
            }
        }
        let product = try await offeredProduct(belowFloor: isBelowFloor)
        return fill(
            body,
            [
                "items": .array([.object(["product": .string(product.uuidString), "monthly_units": 100])]),
                "monthly_units": 100, "contract_months": 12, "payment_terms": "NET30", "tier": "growth",
            ])
    }

    private func activity(_ given: [String: JSONValue]) -> [String: JSONValue] {
        let body = fill(given, ["type": "call", "subject": "A talk"])
        return body["happened"] == true ? fill(body, ["outcome": "positive"]) : body
    }

    private func order(
        _ given: [String: JSONValue], _ step: ScenarioStep.Performance
    ) async throws -> [String: JSONValue] {
        var body = given.filter { !OrderShape.keys.contains($0.key) && $0.key != "paid_cents" && $0.key != "sales_rep" }
        if let shape = OrderShape(step.inputs) { body["lines"] = try await lines(of: shape) }
        if body["type"] == "D2C" {
            if body["customer"] == nil { body["customer"] = .string(try await customer().uuidString) }
        } else if body["partner"] == nil {
            body["partner"] = try await anyPartner()
        }
        // Whoever is to earn looks after the partner.
        if let rep = given["sales_rep"]?.uuid, case .string(let text)? = try await anyPartner() {
            _ = try await owner.query("UPDATE partners SET sales_rep_id = \(rep) WHERE id = \(UUID(uuidString: text))")
        }
        return body
    }

    private func shipment(_ given: [String: JSONValue], _ record: Record) async throws -> [String: JSONValue] {
        labelled.insert(record.id)
        var body = given
        if body["order"] == nil, let order = try await newest("order") { body["order"] = .string(order.id.uuidString) }
        if body["tracking_number"] != nil, body["carrier"] == nil { body["carrier"] = "fedex" }
        return body
    }

    private func commission(_ given: [String: JSONValue]) async throws -> [String: JSONValue] {
        var body = given
        if body["sales_rep"] == nil, body["type"] == "adjustment" {
            let earner = try await newest("commission")
            let row = if let earner { try await row(of: earner) } else { [String: JSONValue]() }
            let rep = if let id = row["sales_rep_id"]?.uuid { id } else { try await self.rep(nil) }
            body["sales_rep"] = .string(rep.uuidString)
        }
        return body
    }

    private func anyPartner() async throws -> JSONValue? {
        if let partner { return .string(partner.uuidString) }
        return try await newest("partner").map { .string($0.id.uuidString) }
    }

    private func customer() async throws -> UUID {
        let id = UUID.v7()
        _ = try await owner.query(
            """
            INSERT INTO customers (id, email, first_name, last_name, address, city, state, zip_code)
            VALUES (\(id), \("ada.\(id)@home.example"), 'Ada', 'Reed', '3 Elm Street', 'Santa Monica', 'CA', '90401')
            """)
        return id
    }
}
