import Database
import Foundation
import StateMachines

/// The statements of a proposal's row and items.
enum ProposalRows {
    /// Takes the locks: the lead's, else the deal's, then the proposal's own.
    static func locks(_ proposals: SQL) -> [SQL] {
        [
            LeadRows.lock("SELECT lead_id FROM proposals WHERE id IN (\(proposals))"),
            """
            SELECT id FROM deals
            WHERE lead_id IS NULL AND id IN (SELECT deal_id FROM proposals WHERE id IN (\(proposals)))
            ORDER BY id FOR NO KEY UPDATE
            """,
            "SELECT id FROM proposals WHERE id IN (\(proposals)) ORDER BY id FOR NO KEY UPDATE",
        ]
    }

    /// Reads proposals; a draft without a deal is seen with the deal of its lead, and the version it has there.
    static func read(_ proposals: SQL) -> SQL {
        """
        SELECT p.id, p.lead_id, p.partner_id, p.tier, p.discount_bp, p.monthly_units, p.contract_months,
            p.payment_terms, p.special_terms, p.valid_until, p.sent_at, p.viewed_at, p.decided_at, p.signed_name,
            p.signed_at, p.signed_sha256, p.signed_address, p.opening_is_automatic, setting('price.min_margin_bp')::bigint AS min_margin_bp,
            p.status, p.status_seq, p.status_since,
            r.id AS rep_id, r.time_zone AS rep_zone, d.id AS deal_id, d.stage AS deal_stage, f.sha256 AS document_hash,
            EXISTS (SELECT FROM lead_documents x WHERE x.proposal_id = p.id) AS is_lead_document,
            CASE WHEN p.deal_id IS NOT DISTINCT FROM d.id THEN p.version
                ELSE (SELECT coalesce(max(o.version), 0) + 1 FROM proposals o WHERE o.deal_id = d.id) END AS version
        FROM proposals p
        JOIN sales_reps r ON r.id = p.sales_rep_id
        LEFT JOIN deals d ON d.id = p.deal_id OR (p.deal_id IS NULL AND p.status = 'draft' AND d.lead_id = p.lead_id)
        LEFT JOIN files f ON f.id = p.pdf_file_id
        WHERE p.id IN (\(proposals))
        ORDER BY p.id
        """
    }

    static func items(_ proposals: SQL) -> SQL {
        """
        SELECT i.proposal_id, i.product_id, i.unit_price_cents, i.monthly_units, x.name, x.cost_per_unit_cents
        FROM proposal_items i JOIN products x ON x.id = i.product_id
        WHERE i.proposal_id IN (\(proposals))
        ORDER BY i.proposal_id, i.line_no
        """
    }

    static func insert(_ facts: ProposalFacts, _ standing: RecordStanding, validUntil: CalendarDay) -> [SQL] {
        let terms = facts.terms
        let row: SQL = """
            INSERT INTO proposals (id, lead_id, deal_id, partner_id, sales_rep_id, version, tier, discount_bp,
                monthly_units, contract_months, payment_terms, special_terms, valid_until, status, status_seq,
                status_since)
            VALUES (\(facts.id), \(facts.lead), \(facts.deal?.id), \(facts.partner), \(facts.rep.id),
                \(facts.version), \(terms.tier), \(terms.discountBP), \(terms.monthlyUnits), \(terms.contractMonths),
                \(terms.paymentTerms), \(terms.special), \(validUntil), \(standing.state), \(standing.seq),
                \(standing.since))
            """
        guard !facts.items.isEmpty else { return [row] }
        return [
            row,
            """
            INSERT INTO proposal_items (proposal_id, line_no, product_id, unit_price_cents, monthly_units)
            SELECT \(facts.id), i.line_no, i.product_id, i.unit_price_cents, i.monthly_units
            FROM unnest(\(facts.items.map(\.product)), \(facts.items.map(\.unitPriceCents)),
                \(facts.items.map(\.monthlyUnits))) WITH ORDINALITY
                AS i (product_id, unit_price_cents, monthly_units, line_no)
            """,
        ]
    }

    /// Writes the row if it still stands where it was locked; anything else aborts the transaction.
    static func update(_ facts: ProposalFacts, _ standing: RecordStanding, from before: RecordStanding) -> SQL {
        """
        WITH moved AS (
            UPDATE proposals
            SET deal_id = \(facts.deal?.id), version = \(facts.version),
                valid_until = coalesce(\(facts.validUntil), valid_until), sent_at = \(facts.sentAt),
                viewed_at = \(facts.viewedAt), decided_at = \(facts.decidedAt),
                signed_name = \(facts.signature?.name), signed_at = \(facts.signature?.at),
                signed_sha256 = \(facts.signature?.documentHash), signed_address = \(facts.signature?.address),
                status = \(standing.state), status_seq = \(standing.seq), status_since = \(standing.since)
            WHERE id = \(facts.id) AND status = \(before.state) AND status_seq = \(before.seq)
            RETURNING 1
        )
        SELECT workflow_demand_one((SELECT count(*) FROM moved), 'proposal')
        """
    }

    /// Keeps the quantity breaks that are offered with it: what is signed is what was sent, whatever becomes of the price
    /// lists.
    static func freezeBreaks(_ facts: ProposalFacts) -> SQL {
        """
        UPDATE proposal_items i
        SET quantity_breaks = (
            SELECT coalesce(jsonb_agg(to_jsonb(b) - 'line_no' ORDER BY b.min_quantity), '[]')
            FROM (\(listedBreaks(of: facts.id))) b WHERE b.line_no = i.line_no)
        WHERE i.proposal_id = \(facts.id) AND i.quantity_breaks IS NULL
        """
    }

    /// The quantity breaks of the price lists, on the company's day on which the proposal was sent or drafted, for the
    /// items that have none of their own (R-03).
    static func listedBreaks(of proposal: UUID) -> SQL {
        """
        SELECT DISTINCT ON (i.line_no, q.min_quantity) i.line_no, q.min_quantity, q.unit_price_cents
        FROM proposal_items i
        JOIN proposals o ON o.id = i.proposal_id
        JOIN price_list_items q ON q.product_id = i.product_id AND q.min_quantity > 1
            AND q.unit_price_cents < i.unit_price_cents
        JOIN price_lists s ON s.id = q.price_list_id AND (s.partner_id IS NULL OR s.partner_id = o.partner_id)
            AND (s.tier IS NULL OR s.tier = o.tier)
            AND (coalesce(o.sent_at, o.created_at) AT TIME ZONE (
                SELECT value #>> '{}' FROM settings WHERE key = 'company.time_zone'))::date
                BETWEEN s.starts_on AND coalesce(s.ends_on, 'infinity')
        WHERE i.proposal_id = \(proposal) AND i.quantity_breaks IS NULL
        ORDER BY i.line_no, q.min_quantity, s.priority DESC, s.id
        """
    }

    /// Adds the proposal to its lead's documents; the file comes with the PDF.
    static func document(_ facts: ProposalFacts) -> SQL {
        """
        INSERT INTO lead_documents (id, lead_id, name, type, proposal_id, uploaded_by)
        VALUES (\(UUID.v7()), \(facts.lead), \("Proposal version \(facts.version)"), 'proposal', \(facts.id),
            \(facts.rep.id))
        ON CONFLICT (proposal_id) DO NOTHING
        """
    }
}

extension ProposalFacts {
    /// Reads a row of ``ProposalRows/read(_:)``; the items are read by themselves.
    init(_ row: Row) throws {
        let terms = Terms(
            tier: try row.value("tier"), discountBP: try row.value("discount_bp"),
            monthlyUnits: try row.value("monthly_units"), contractMonths: try row.value("contract_months"),
            paymentTerms: try row.value("payment_terms"), special: try row.optional("special_terms"))
        self.init(
            id: try row.value("id"), lead: try row.optional("lead_id"), partner: try row.optional("partner_id"),
            deal: try Deal(row), rep: try RepReference(of: row), version: try row.value("version"), terms: terms)
        self.validUntil = try row.value("valid_until")
        self.sentAt = try row.optional("sent_at")
        self.viewedAt = try row.optional("viewed_at")
        self.decidedAt = try row.optional("decided_at")
        if let name = try row.optional("signed_name", as: String.self) {
            self.signature = Signature(
                name: name, at: try row.value("signed_at"), documentHash: try row.optional("signed_sha256"),
                address: try row.optional("signed_address"))
        }
        self.documentHash = try row.optional("document_hash")
        self.openingIsAutomatic = try row.value("opening_is_automatic")
        self.isLeadDocument = try row.value("is_lead_document")
        self.minMargin = BasisPoints(try row.value("min_margin_bp"))
    }
}

extension ProposalFacts.Deal {
    /// Reads `deal_id` and `deal_stage`; nil when there is none.
    init?(_ row: Row) throws {
        guard let id = try row.optional("deal_id", as: UUID.self) else { return nil }
        self.init(id: id, stage: try row.value("deal_stage"))
    }
}

extension ProposalFacts.Item {
    /// Reads a row of ``ProposalRows/items(_:)``.
    init(_ row: Row) throws {
        self.init(
            product: try row.value("product_id"), name: try row.value("name"),
            unitPriceCents: try row.value("unit_price_cents"), costCents: try row.value("cost_per_unit_cents"),
            monthlyUnits: try row.optional("monthly_units"))
    }
}
