public import Database
public import Documents
public import Foundation
import StateMachines

extension ProposalDocument {
    /// Which form of a proposal is asked for.
    public enum Form: Sendable {
        /// To be looked at before it is sent.
        case preview
        /// To be signed.
        case offer
        /// As it was signed.
        case signed
    }

    /// Reads a version of a proposal in one round trip.
    ///
    /// - Parameters:
    ///   - request: The proposal, and the event of its sending or signing.
    ///   - form: Which form of it.
    ///   - session: A session or transaction.
    /// - Returns: nil when there is no such proposal, or it is not signed and the signed form is asked for.
    /// - Throws: `DatabaseError`.
    public static func read(_ request: PaperRequest, as form: Form, in session: Session) throws -> ProposalDocument? {
        let results = try session.pipeline([
            head(request), items(of: request.record), breaks(of: request.record),
        ])
        guard let row = results[0].rows.first else { return nil }
        let zone = request.company.zone
        let stage: Stage
        switch form {
        case .preview: stage = .draft
        case .offer: stage = .offer
        case .signed:
            guard let signature = try Signature(row, zone: zone) else { return nil }
            stage = .signed(signature)
        }
        var breaks: [Int: [Line.Break]] = [:]
        for row in results[2].rows {
            breaks[try row.value("line_no"), default: []].append(
                .init(fromUnits: try row.value("min_quantity"), unitPriceCents: try row.value("unit_price_cents")))
        }
        return ProposalDocument(
            letterhead: request.company.letterhead,
            customer: Addressee(
                businessName: try row.value("business_name"), contact: try row.optional("contact_name"),
                address: [
                    try row.optional("address") ?? "",
                    PrintedText.place(
                        city: try row.optional("city"), state: try row.optional("state"),
                        zip: try row.optional("zip_code")),
                ]),
            preparedBy: try row.value("rep"), version: try row.value("version"),
            offeredOn: CalendarDay(try row.value("offered_at", as: Date.self), in: zone).printed,
            validUntil: try row.value("valid_until", as: CalendarDay.self).printed,
            tier: PrintedText.word(try row.value("tier")), discountBasisPoints: try row.value("discount_bp"),
            monthlyUnits: try row.value("monthly_units"),
            lines: try results[1].rows.map { try Line($0, breaks: breaks[try $0.value("line_no")] ?? []) },
            terms: Terms(
                payment: PrintedText.terms(try row.value("payment_terms")),
                contractMonths: try row.value("contract_months"), special: try row.optional("special_terms")),
            stage: stage)
    }

    /// Attaches the PDF to the version, so that it is what is opened and signed.
    public static func attach(file key: String, to proposal: UUID) -> SQL {
        """
        UPDATE proposals SET pdf_file_id = (SELECT id FROM files WHERE document_key = \(key)) WHERE id = \(proposal)
        """
    }

    private static func head(_ request: PaperRequest) -> SQL {
        """
        SELECT coalesce(p.business_name, l.company_name) AS business_name,
            coalesce(p.contact_name, l.contact_name) AS contact_name, coalesce(p.address, l.address) AS address,
            coalesce(p.city, l.city) AS city, coalesce(p.state, l.state)::text AS state,
            coalesce(p.zip_code, l.zip_code) AS zip_code, r.first_name || ' ' || r.last_name AS rep,
            o.version, o.valid_until, o.tier, o.discount_bp, o.monthly_units, o.contract_months, o.payment_terms,
            o.special_terms, o.signed_name, o.signed_at, o.signed_address, encode(o.signed_sha256, 'hex') AS signed_hash,
            coalesce(o.sent_at, e.as_of, o.created_at) AS offered_at
        FROM proposals o
        JOIN sales_reps r ON r.id = o.sales_rep_id
        LEFT JOIN partners p ON p.id = o.partner_id
        LEFT JOIN leads l ON l.id = o.lead_id
        LEFT JOIN workflow_events e ON e.id = \(request.event)
        WHERE o.id = \(request.record)
        """
    }

    private static func items(of proposal: UUID) -> SQL {
        """
        SELECT i.line_no, d.name, d.sku, d.msrp_cents, i.unit_price_cents, i.monthly_units
        FROM proposal_items i JOIN products d ON d.id = i.product_id
        WHERE i.proposal_id = \(proposal) ORDER BY i.line_no
        """
    }

    /// The version's own quantity breaks, frozen when it was sent; in a draft those of the price lists.
    private static func breaks(of proposal: UUID) -> SQL {
        """
        SELECT i.line_no, b.min_quantity, b.unit_price_cents
        FROM proposal_items i
        CROSS JOIN LATERAL jsonb_to_recordset(
            CASE jsonb_typeof(i.quantity_breaks) WHEN 'array' THEN i.quantity_breaks ELSE '[]' END
        ) AS b (min_quantity integer, unit_price_cents bigint)
        WHERE i.proposal_id = \(proposal)
        UNION ALL (
        \(ProposalRows.listedBreaks(of: proposal)))
        ORDER BY 1, 2
        """
    }
}

extension ProposalDocument.Line {
    fileprivate init(_ row: Row, breaks: [Break]) throws {
        self.init(
            description: try row.value("name"), sku: try row.value("sku"), msrpCents: try row.value("msrp_cents"),
            unitPriceCents: try row.value("unit_price_cents"), monthlyUnits: try row.optional("monthly_units"),
            breaks: breaks)
    }
}

extension ProposalDocument.Signature {
    fileprivate init?(_ row: Row, zone: TimeZone) throws {
        guard let name = try row.optional("signed_name", as: String.self),
            let signedAt = try row.optional("signed_at", as: Date.self)
        else { return nil }
        self.init(
            name: name, signedAt: signedAt.printed(in: zone), address: try row.optional("signed_address") ?? "",
            hash: try row.optional("signed_hash") ?? "")
    }
}
