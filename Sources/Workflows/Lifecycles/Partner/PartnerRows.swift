import Database
import Foundation
import StateMachines

/// The statements of a partner's own row.
enum PartnerRows {
    /// Reads partners; their locks, which are those of the aggregate, when they are about to be changed.
    static func partners(_ records: SQL, locking: Bool) -> SQL {
        let lock: SQL = locking ? "FOR NO KEY UPDATE OF p" : ""
        return """
            SELECT p.id, p.business_name, p.business_type, p.contact_name, p.email::text AS email, p.phone, p.address,
                p.city, p.state, p.zip_code, p.website, p.time_zone, p.tier, p.discount_bp, p.payment_terms,
                p.credit_limit_cents, p.sales_rep_id, p.approved_by, p.approved_at, p.closed_reason,
                p.status, p.status_seq, p.status_since
            FROM partners p WHERE p.id IN (\(records)) ORDER BY p.id
            \(lock)
            """
    }

    /// What is still to be delivered and paid.
    ///
    /// A statement of its own, so that it sees what the lock has waited for.
    static func open(_ records: SQL) -> SQL {
        """
        SELECT p.id,
            (SELECT count(*) FROM orders o
             WHERE o.partner_id = p.id AND o.status NOT IN ('delivered', 'cancelled')) AS open_orders,
            i.open_invoices, i.amount_due_cents
        FROM partners p
        CROSS JOIN LATERAL (
            SELECT count(*) AS open_invoices, coalesce(sum(i.amount_due_cents), 0)::bigint AS amount_due_cents
            FROM invoices i WHERE i.partner_id = p.id AND i.status IN ('pending', 'overdue')
        ) i
        WHERE p.id IN (\(records))
        """
    }

    /// Which of the addresses is in use: each partner and each person has one of their own.
    static func taken(_ email: SQL) -> SQL {
        """
        SELECT EXISTS (SELECT FROM partners WHERE email = (\(email))::citext AND status <> 'closed')
            OR EXISTS (SELECT FROM partner_users WHERE email = (\(email))::citext AND is_active) AS is_taken
        """
    }

    static func insert(_ facts: PartnerFacts, _ standing: RecordStanding) -> [SQL] {
        let details = facts.details
        var statements: [SQL] = [
            """
            INSERT INTO partners (id, business_name, business_type, contact_name, email, phone, address, city, state,
                zip_code, website, time_zone, tier, discount_bp, payment_terms, credit_limit_cents, sales_rep_id,
                status, status_seq, status_since)
            VALUES (\(facts.id), \(details.businessName), \(details.businessType), \(details.contactName),
                \(details.email), \(details.phone), \(details.address), \(details.city), \(details.state),
                \(details.zipCode), \(details.website), \(facts.zone.identifier), \(facts.tier.rawValue),
                \(facts.discountBp), \(facts.terms.rawValue), \(facts.creditLimitCents), \(facts.salesRepID),
                \(standing.state), \(standing.seq), \(standing.since))
            """
        ]
        if let owner = facts.owner {
            statements.append(
                """
                INSERT INTO partner_users (id, partner_id, email, first_name, last_name, phone, role, time_zone)
                VALUES (\(UUID.v7()), \(facts.id), \(details.email), \(owner.firstName), \(owner.lastName),
                    \(details.phone), 'owner', \(facts.zone.identifier))
                """)
        }
        if let lead = facts.lead {
            statements.append(
                """
                UPDATE leads SET converted_to_partner_id = \(facts.id), converted_at = \(standing.since)
                WHERE id = \(lead)
                """)
        }
        return statements
    }

    /// Writes the row if it still stands where it was locked; anything else aborts the transaction.
    static func update(_ facts: PartnerFacts, _ standing: RecordStanding, from before: RecordStanding) -> SQL {
        """
        WITH moved AS (
            UPDATE partners
            SET tier = \(facts.tier.rawValue), discount_bp = \(facts.discountBp),
                payment_terms = \(facts.terms.rawValue), credit_limit_cents = \(facts.creditLimitCents),
                approved_by = \(facts.approvedBy), approved_at = \(facts.approvedAt),
                closed_reason = \(facts.closedReason),
                status = \(standing.state), status_seq = \(standing.seq), status_since = \(standing.since)
            WHERE id = \(facts.id) AND status = \(before.state) AND status_seq = \(before.seq)
            RETURNING 1
        )
        SELECT workflow_demand_one((SELECT count(*) FROM moved), 'partner')
        """
    }

    static func switchOffUsers(of partner: UUID) -> SQL {
        "UPDATE partner_users SET is_active = false WHERE partner_id = \(partner) AND is_active"
    }
}

extension PartnerFacts {
    /// Reads a row of ``PartnerRows/partners(_:locking:)``.
    init(_ row: Row) throws {
        let zone = try row.value("time_zone", as: String.self)
        self.init(
            id: try row.value("id"),
            details: Details(
                businessName: try row.value("business_name"), businessType: try row.value("business_type"),
                contactName: try row.value("contact_name"), email: try row.value("email"),
                phone: try row.value("phone"), address: try row.value("address"), city: try row.value("city"),
                state: try row.value("state"), zipCode: try row.value("zip_code"),
                website: try row.optional("website")),
            zone: TimeZone(identifier: zone) ?? .gmt)
        // The columns are checked against the same values.
        tier = Tier(rawValue: try row.value("tier")) ?? .starter
        discountBp = try row.value("discount_bp")
        terms = PaymentTerms(rawValue: try row.value("payment_terms")) ?? .prepaid
        creditLimitCents = try row.value("credit_limit_cents")
        salesRepID = try row.optional("sales_rep_id")
        approvedBy = try row.optional("approved_by")
        approvedAt = try row.optional("approved_at")
        closedReason = try row.optional("closed_reason")
    }

    /// The facts with which an application begins.
    init(id: UUID, _ application: PartnerApplication) {
        self.init(id: id, details: application.details, zone: application.zone)
        (terms, salesRepID, owner) = (application.terms, application.salesRepID, application.owner)
    }
}
