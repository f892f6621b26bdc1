import Database
import Foundation
import StateMachines

/// The statements of a deal's row.
enum DealRows {
    /// Takes the locks: the lead's of a deal that has one, then the deal's own.
    static func locks(_ deals: SQL) -> [SQL] {
        [
            LeadRows.lock("SELECT lead_id FROM deals WHERE id IN (\(deals))"),
            "SELECT id FROM deals WHERE id IN (\(deals)) ORDER BY id FOR NO KEY UPDATE",
        ]
    }

    static func read(_ deals: SQL) -> SQL {
        """
        SELECT d.id, d.name, d.kind, d.value_cents, d.expected_close_date, d.actual_close_date, d.products_interested,
            d.won_reason, d.lost_reason, d.lost_details, d.stage, d.stage_seq, d.stage_since,
            r.id AS rep_id, r.time_zone AS rep_zone,
            \(lead), l.demo_held_at IS NOT NULL AS has_held_demo,
            p.id AS partner_id, p.business_name AS partner_name, p.status AS partner_status,
            m.id AS made_id, m.business_name AS made_name, m.status AS made_status,
            EXISTS (SELECT FROM proposals o WHERE o.deal_id = d.id AND o.status IN ('sent', 'viewed', 'accepted'))
                AS has_sent_proposal,
            EXISTS (SELECT FROM proposals o WHERE o.deal_id = d.id AND o.status = 'accepted') AS has_accepted_proposal,
            (SELECT max(c.paid_at) FROM commissions c
             WHERE c.status = 'paid' AND (c.reference_id = d.id OR c.reference_id = l.converted_to_partner_id))
                AS commission_paid_at
        FROM deals d
        JOIN sales_reps r ON r.id = d.sales_rep_id
        LEFT JOIN leads l ON l.id = d.lead_id
        LEFT JOIN partners p ON p.id = d.partner_id
        LEFT JOIN partners m ON m.id = l.converted_to_partner_id
        WHERE d.id IN (\(deals))
        ORDER BY d.id
        """
    }

    /// The columns of a lead that its deal looks at.
    static var lead: SQL {
        """
        l.id AS lead_id, l.company_name AS lead_name, l.status AS lead_status,
            array_remove(ARRAY[
                CASE WHEN l.business_type IS NULL THEN 'business type' END,
                CASE WHEN coalesce(l.contact_name, '') = '' THEN 'contact name' END,
                CASE WHEN coalesce(l.email, '') = '' THEN 'email' END,
                CASE WHEN coalesce(l.phone, '') = '' THEN 'phone' END,
                CASE WHEN coalesce(l.address, '') = '' THEN 'address' END,
                CASE WHEN coalesce(l.city, '') = '' THEN 'city' END,
                CASE WHEN coalesce(l.state, '') = '' THEN 'state' END,
                CASE WHEN coalesce(l.zip_code, '') = '' THEN 'ZIP code' END
            ], NULL) AS lead_missing
        """
    }

    /// Reads, under its lock, the lead for which a deal is made, with the deal that it has already.
    static func origin(lead id: UUID?) -> [SQL] {
        [
            "SELECT id FROM leads WHERE id = \(id) FOR NO KEY UPDATE",
            """
            SELECT \(lead), l.demo_held_at IS NOT NULL AS has_held_demo, l.estimated_value_cents, l.expected_close_date,
                l.products_interested, r.id AS rep_id, r.time_zone AS rep_zone, d.id AS deal_id
            FROM leads l
            LEFT JOIN sales_reps r ON r.id = l.sales_rep_id
            LEFT JOIN deals d ON d.lead_id = l.id
            WHERE l.id = \(id)
            """,
        ]
    }

    static func insert(_ facts: DealFacts, _ standing: RecordStanding) -> SQL {
        """
        INSERT INTO deals (id, name, kind, value_cents, probability, expected_close_date, sales_rep_id, lead_id,
            partner_id, products_interested, is_qualified, is_demo_completed, stage, stage_seq, stage_since)
        VALUES (\(facts.id), \(facts.name), \(facts.kind.rawValue), \(facts.valueCents), \(probability(standing)),
            \(facts.expectedCloseDate), \(facts.rep.id), \(facts.lead?.id), \(facts.partner?.id), \(facts.products),
            \(facts.lead != nil), \(facts.hasHeldDemo), \(standing.state), \(standing.seq), \(standing.since))
        """
    }

    /// Writes the row if it still stands where it was locked; anything else aborts the transaction.
    static func update(_ facts: DealFacts, _ standing: RecordStanding, from before: RecordStanding) -> SQL {
        """
        WITH moved AS (
            UPDATE deals
            SET actual_close_date = \(facts.actualCloseDate), won_reason = \(facts.wonReason),
                lost_reason = \(facts.lostReason), lost_details = \(facts.lostDetails),
                is_proposal_sent = is_proposal_sent OR \(facts.hasSentProposal),
                probability = \(probability(standing)),
                stage = \(standing.state), stage_seq = \(standing.seq), stage_since = \(standing.since)
            WHERE id = \(facts.id) AND stage = \(before.state) AND stage_seq = \(before.seq)
            RETURNING 1
        )
        SELECT workflow_demand_one((SELECT count(*) FROM moved), 'deal')
        """
    }

    private static func probability(_ standing: RecordStanding) -> SQL {
        "(SELECT probability FROM stage_probabilities WHERE machine = 'deal' AND stage = \(standing.state))"
    }
}

extension DealFacts {
    /// Reads a row of ``DealRows/read(_:)``.
    init(_ row: Row) throws {
        // The column is checked against the same values.
        let kind = Kind(rawValue: try row.value("kind")) ?? .newBusiness
        self.init(
            id: try row.value("id"), name: try row.value("name"), kind: kind, valueCents: try row.value("value_cents"),
            expectedCloseDate: try row.value("expected_close_date"), rep: try RepReference(of: row),
            lead: try Lead(row), partner: try Partner(row, prefix: "partner"),
            products: try row.value("products_interested"))
        self.madePartner = try Partner(row, prefix: "made")
        self.actualCloseDate = try row.optional("actual_close_date")
        self.wonReason = try row.optional("won_reason")
        self.lostReason = try row.optional("lost_reason")
        self.lostDetails = try row.optional("lost_details")
        self.hasSentProposal = try row.value("has_sent_proposal")
        self.hasAcceptedProposal = try row.value("has_accepted_proposal")
        self.hasHeldDemo = try row.value("has_held_demo")
        self.commissionPaidAt = try row.optional("commission_paid_at")
    }
}

extension DealFacts.Lead {
    /// Reads the columns of ``DealRows/lead``; nil when there is none.
    init?(_ row: Row) throws {
        guard let id = try row.optional("lead_id", as: UUID.self) else { return nil }
        self.init(
            id: id, companyName: try row.value("lead_name"), status: try row.value("lead_status"),
            missing: try row.value("lead_missing"))
    }
}

extension DealFacts.Partner {
    /// Reads `…_id`, `…_name` and `…_status`; nil when there is none.
    init?(_ row: Row, prefix: String) throws {
        guard let id = try row.optional("\(prefix)_id", as: UUID.self) else { return nil }
        self.init(
            id: id, businessName: try row.value("\(prefix)_name"), status: try row.value("\(prefix)_status"))
    }
}
