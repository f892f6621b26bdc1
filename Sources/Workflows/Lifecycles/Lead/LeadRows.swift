import Database
import Foundation
import StateMachines

/// The statements of a lead's row.
enum LeadRows {
    /// Takes the lock of the aggregate, which is the lead's own.
    static func lock(_ leads: SQL) -> SQL {
        "SELECT id FROM leads WHERE id IN (\(leads)) ORDER BY id FOR NO KEY UPDATE"
    }

    /// Reads leads with their deals and open demos; a statement of its own, so that it sees what was written before the
    /// lock was had.
    static func read(_ leads: SQL) -> SQL {
        """
        SELECT l.id, l.company_name, l.business_type, l.industry, l.contact_name, l.contact_title, l.email::text AS email,
            l.phone, l.website, l.address, l.city, l.state::text AS state, l.zip_code, l.source, l.source_details,
            l.estimated_value_cents, l.estimated_units, l.expected_close_date, l.products_interested,
            l.budget, l.authority, l.need, l.timeline, l.last_contact_at, l.demo_held_at, l.lost_reason,
            l.lost_details, l.converted_to_partner_id, l.converted_at, l.status, l.status_seq, l.status_since,
            r.id AS rep_id, r.time_zone AS rep_zone, d.name AS deal_name, d.stage AS deal_stage,
            demos.open AS open_demos, demos.last AS last_demo_at
        FROM leads l
        LEFT JOIN sales_reps r ON r.id = l.sales_rep_id
        LEFT JOIN deals d ON d.lead_id = l.id
        CROSS JOIN LATERAL (
            SELECT count(*) AS open, max(a.scheduled_at) FILTER (WHERE a.status = 'scheduled') AS last
            FROM sales_activities a
            WHERE a.lead_id = l.id AND a.type = 'demo' AND a.status IN ('scheduled', 'missed')
        ) demos
        WHERE l.id IN (\(leads))
        ORDER BY l.id
        """
    }

    /// Reads the reps who could be given a lead, with the number of their open ones.
    static var candidates: SQL {
        """
        SELECT r.id AS rep_id, r.time_zone AS rep_zone, r.territory_states,
            (SELECT count(*) FROM leads l WHERE l.sales_rep_id = r.id AND l.status NOT IN ('closed_won', 'closed_lost'))
                AS open_leads
        FROM sales_reps r WHERE r.is_active ORDER BY r.id
        """
    }

    static func insert(_ facts: LeadFacts, _ standing: RecordStanding) -> SQL {
        let details = facts.details
        let score = facts.score(at: standing.since)
        return """
            INSERT INTO leads (id, company_name, business_type, industry, contact_name, contact_title, email, phone,
                website, address, city, state, zip_code, source, source_details, sales_rep_id, lead_score,
                score_factors, estimated_value_cents, estimated_units, probability, expected_close_date,
                products_interested, budget, authority, need, timeline, last_contact_at, status, status_seq,
                status_since)
            VALUES (\(facts.id), \(details.companyName), \(details.businessType), \(details.industry),
                \(details.contactName), \(details.contactTitle), \(details.email), \(details.phone),
                \(details.website), \(details.address), \(details.city), \(details.state), \(details.zipCode),
                \(details.source), \(details.sourceDetails), \(facts.rep?.id), \(score.points),
                \(JSON(text: score.factorsJSON)), \(facts.outlook.annualValueCents), \(facts.outlook.monthlyUnits),
                \(probability(standing)), \(facts.outlook.expectedCloseDate), \(facts.outlook.products),
                \(facts.answers.budget?.rawValue), \(facts.answers.authority?.rawValue),
                \(facts.answers.need?.rawValue), \(facts.answers.timeline?.rawValue), \(facts.lastContactAt),
                \(standing.state), \(standing.seq), \(standing.since))
            """
    }

    /// Writes the row if it still stands where it was locked; anything else aborts the transaction.
    ///
    /// A lead that is won again, after its win was undone, is converted again: into the partner that it was linked to.
    static func update(_ facts: LeadFacts, _ standing: RecordStanding, from before: RecordStanding) -> SQL {
        let isConvertedAgain = standing.state == "closed_won" && facts.convertedTo != nil && facts.convertedAt == nil
        return """
            WITH moved AS (
                UPDATE leads
                SET last_contact_at = \(facts.lastContactAt), demo_held_at = \(facts.demoHeldAt),
                    lost_reason = \(facts.lostReason), lost_details = \(facts.lostDetails),
                    converted_at = \(isConvertedAgain ? standing.since : facts.convertedAt),
                    probability = \(probability(standing)),
                    status = \(standing.state), status_seq = \(standing.seq), status_since = \(standing.since)
                WHERE id = \(facts.id) AND status = \(before.state) AND status_seq = \(before.seq)
                RETURNING 1
            )
            SELECT workflow_demand_one((SELECT count(*) FROM moved), 'lead')
            """
    }

    private static func probability(_ standing: RecordStanding) -> SQL {
        "(SELECT probability FROM stage_probabilities WHERE machine = 'lead' AND stage = \(standing.state))"
    }
}

extension LeadFacts {
    /// Reads a row of ``LeadRows/read(_:)``.
    init(_ row: Row) throws {
        var details = Details(companyName: try row.value("company_name"), source: try row.value("source"))
        details.businessType = try row.optional("business_type")
        details.industry = try row.optional("industry")
        details.contactName = try row.optional("contact_name")
        details.contactTitle = try row.optional("contact_title")
        details.email = try row.optional("email")
        details.phone = try row.optional("phone")
        details.website = try row.optional("website")
        details.address = try row.optional("address")
        details.city = try row.optional("city")
        details.state = try row.optional("state")
        details.zipCode = try row.optional("zip_code")
        details.sourceDetails = try row.optional("source_details")
        self.init(id: try row.value("id"), details: details, rep: try RepReference(row))
        self.answers = Qualification(
            budget: try row.optional("budget"), authority: try row.optional("authority"),
            need: try row.optional("need"), timeline: try row.optional("timeline"))
        self.outlook = Outlook(
            annualValueCents: try row.optional("estimated_value_cents"),
            monthlyUnits: try row.optional("estimated_units"),
            expectedCloseDate: try row.optional("expected_close_date"), products: try row.value("products_interested"))
        self.lastContactAt = try row.optional("last_contact_at")
        self.demoHeldAt = try row.optional("demo_held_at")
        self.lostReason = try row.optional("lost_reason")
        self.lostDetails = try row.optional("lost_details")
        self.convertedTo = try row.optional("converted_to_partner_id")
        self.convertedAt = try row.optional("converted_at")
        if let name = try row.optional("deal_name", as: String.self) {
            self.deal = Deal(name: name, stage: try row.value("deal_stage"))
        }
        self.openDemos = try row.value("open_demos")
        self.lastDemoAt = try row.optional("last_demo_at")
    }
}

extension LeadFacts.Candidate {
    /// Reads a row of ``LeadRows/candidates``.
    init?(_ row: Row) throws {
        guard let rep = try RepReference(row) else { return nil }
        self.init(rep: rep, states: try row.value("territory_states"), openLeads: try row.value("open_leads"))
    }
}
