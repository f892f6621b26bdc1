import Database
import Foundation
import StateMachines

/// The factory `partner_for_deal`: a pending partner with its first owner from the details of the lead of a won deal.
///
/// Once per lead: a second win, and a win after an undone one, find the partner that the first has made. An upsell and a
/// renewal have their partner. Source: L-13.
enum PartnerOfDeal {
    static let factory = Factory<PartnerFacts>(
        read: { source in
            [convertAgain(source), lead(of: source.record), taken(for: source.record)]
        },
        make: { results, _ in
            guard let row = results[1].rows.first else { return [] }
            if try results[2].rows.first?.value("is_taken") ?? false {
                throw Refusal(
                    status: 409, code: "email_taken",
                    message: "The address of the lead's contact belongs to another partner. Enter the buyer's own.",
                    field: "email")
            }
            let id = UUID.v7()
            return [NewRecord(id: id, facts: try PartnerFacts(id: id, lead: row))]
        })

    /// The partner of an earlier win is found again: the lead counts as converted once more, by this win.
    private static func convertAgain(_ source: ReactionSource) -> SQL {
        """
        UPDATE leads l SET converted_at = \(source.asOf)
        FROM deals d
        WHERE d.id = \(source.record) AND d.kind = 'new_business' AND l.id = d.lead_id
          AND l.converted_to_partner_id IS NOT NULL AND l.converted_at IS NULL
        """
    }

    private static func lead(of deal: UUID) -> SQL {
        """
        SELECT l.id, l.company_name, l.business_type, l.contact_name, l.email::text AS email, l.phone, l.website,
            l.address, l.city, l.state, l.zip_code, l.sales_rep_id
        FROM deals d JOIN leads l ON l.id = d.lead_id
        WHERE d.id = \(deal) AND d.kind = 'new_business' AND l.converted_to_partner_id IS NULL
        FOR NO KEY UPDATE OF l
        """
    }

    private static func taken(for deal: UUID) -> SQL {
        PartnerRows.taken("SELECT l.email FROM deals d JOIN leads l ON l.id = d.lead_id WHERE d.id = \(deal)")
    }
}

extension PartnerFacts {
    /// The facts with which a lead becomes a partner; the guard `business_details_are_complete` has seen that all are there.
    fileprivate init(id: UUID, lead row: Row) throws {
        let contact = try row.value("contact_name", as: String.self)
        let state = try row.value("state", as: String.self)
        self.init(
            id: id,
            details: Details(
                businessName: try row.value("company_name"), businessType: try row.value("business_type"),
                contactName: contact, email: try row.value("email"), phone: try row.value("phone"),
                address: try row.value("address"), city: try row.value("city"), state: state,
                zipCode: try row.value("zip_code"), website: try row.optional("website")),
            zone: StateZone.zone(of: state) ?? .gmt)
        salesRepID = try row.value("sales_rep_id")
        owner = Owner(contact: contact)
        lead = try row.value("id")
    }
}
