import Database
import Foundation
import StateMachines

/// A partner with its people, from its application on.
struct DemoPartner: Codable, Sendable {
    struct User: Codable, Sendable {
        var email: String
        var first: String
        var last: String
        var role: String
    }

    /// A note about it.
    struct Note: Codable, Sendable {
        var at: String
        var by: String
        var text: String
    }

    /// Another rep looks after it from then on.
    struct Handover: Codable, Sendable {
        var at: String
        var rep: String
    }

    var key: String
    var name: String
    var type: String
    var contact: String
    var email: String
    var phone: String
    var address: String
    var city: String
    var state: String
    var zip: String
    var rep: String
    var tier: String
    var terms: String
    var limitCents: Int64
    /// The won lead that it comes from; nil: it applied.
    var lead: String?
    /// When it applied; nil: it comes from a lead.
    var applied: String?
    /// When it was approved; nil: it waits.
    var approved: String?
    var approver: String
    /// The last day of its certificate.
    var certified: String?
    var lateFeesAccepted: String?
    /// Of its contract, cents a year.
    var contractCents: Int64?
    var users: [User]
    var handovers: [Handover]?
    var notes: [Note]
    var moves: [DemoMove]

    /// Its application and all that follows.
    func steps(_ calendar: DemoCalendar) throws -> [DemoStep] {
        var steps: [DemoStep] = []
        if let applied {
            steps.append(DemoStep(at: applied, action: .move(application(at: applied))))
        }
        if let approved {
            let move = DemoMove(
                at: approved, move: "partner.approve", of: "partner:\(key)", by: approver,
                with: [
                    "tier": .string(tier), "payment_terms": .string(terms), "credit_limit": .integer(limitCents),
                ])
            steps.append(DemoStep(at: approved, action: .move(move)))
        }
        if let begins = approved ?? applied {
            steps.append(DemoStep(at: begins, action: .rows(try rows(from: begins, calendar))))
        }
        steps += try notes.map { note in
            let (id, at) = (DemoNames.id("note:\(key):\(note.at)"), try calendar.moment(note.at))
            let kind = note.by.hasPrefix("rep:") ? "sales_rep" : "admin"
            return DemoStep(
                at: note.at,
                action: .rows([
                    DemoRow("partner:\(key)", note.by) { ids in
                        """
                        INSERT INTO partner_notes (id, partner_id, author_kind, author_id, note, created_at)
                        VALUES (\(id), \(ids[0]), \(kind), \(ids[1]), \(note.text), \(at)) ON CONFLICT DO NOTHING
                        """
                    }
                ]))
        }
        steps += (handovers ?? []).map { handover in
            // What was placed before stays the former rep's (C-12).
            let row = DemoRow("partner:\(key)", "rep:\(handover.rep)") { ids in
                "UPDATE partners SET sales_rep_id = \(ids[1]) WHERE id = \(ids[0])"
            }
            return DemoStep(at: handover.at, action: .rows([row]))
        }
        return steps + moves.map { DemoStep(at: $0.at, action: .move($0)) }
    }

    private func application(at moment: String) -> DemoMove {
        DemoMove(
            at: moment, move: "partner.create", of: "partner:\(key)", by: "admin:dana",
            with: [
                "business_name": .string(name), "business_type": .string(type), "contact_name": .string(contact),
                "email": .string(email), "phone": .string(phone), "address": .string(address), "city": .string(city),
                "state": .string(state), "zip_code": .string(zip), "payment_terms": .string(terms),
                "sales_rep": .string("@rep:\(rep)"),
            ])
    }

    private func rows(from begin: String, _ calendar: DemoCalendar) throws -> [DemoRow] {
        let partner = "partner:\(key)"
        let accepted = try lateFeesAccepted.map(calendar.day)
        let since = try calendar.day(String(begin.prefix(10)))
        var rows = [
            DemoRow(partner, "admin:dana") { [accepted] ids in
                """
                UPDATE partners SET account_manager_id = \(ids[1]), late_fee_terms_accepted_on = \(accepted)
                WHERE id = \(ids[0])
                """
            },
            DemoRow(partner) { ids in
                """
                INSERT INTO shipping_addresses (id, partner_id, label, recipient_name, company, address1, city, state,
                    zip_code, phone, is_default, dock_hours)
                VALUES (\(DemoNames.id("address:\(key)")), \(ids[0]), 'Receiving', \(contact), \(name), \(address),
                    \(city), \(state), \(zip), \(phone), true, 'Mon-Fri 8AM-5PM')
                ON CONFLICT DO NOTHING
                """
            },
        ]
        rows += users.map { user in
            DemoRow(partner) { ids in
                """
                INSERT INTO partner_users (id, partner_id, email, first_name, last_name, role, time_zone)
                SELECT \(DemoNames.id("user:\(user.email)")), p.id, \(user.email), \(user.first), \(user.last),
                    \(user.role), p.time_zone
                FROM partners p WHERE p.id = \(ids[0])
                ON CONFLICT DO NOTHING
                """
            }
        }
        if let certified {
            let until = try calendar.day(certified)
            let from = until.adding(days: -730)
            rows.append(
                DemoRow(partner, "admin:dana") { ids in
                    """
                    INSERT INTO resale_certificates (id, partner_id, state, number, valid_from, valid_until, checked_by,
                        checked_at)
                    VALUES (\(DemoNames.id("certificate:\(key)")), \(ids[0]), \(state),
                        \("\(state)-\(key.uppercased())-1"), \(from), \(until), \(ids[1]),
                        \(from.instant(hour: 10, in: calendar.zone)))
                    ON CONFLICT DO NOTHING
                    """
                })
        }
        if let contractCents {
            rows.append(
                DemoRow(partner) { ids in
                    """
                    INSERT INTO contracts (id, partner_id, starts_on, ends_on, annual_value_cents, signed_at, signed_name)
                    VALUES (\(DemoNames.id("contract:\(key)")), \(ids[0]), \(since), \(since.adding(days: 365)),
                        \(contractCents), \(since.instant(hour: 9, in: calendar.zone)), \(contact))
                    ON CONFLICT DO NOTHING
                    """
                })
        }
        return rows
    }
}
