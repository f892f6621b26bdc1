import Database
import Foundation
import StateMachines

/// The statements of an activity's row.
enum ActivityRows {
    /// Takes the locks: the lead's, then the activity's own.
    static func locks(_ activities: SQL) -> [SQL] {
        [
            LeadRows.lock("SELECT lead_id FROM sales_activities WHERE id IN (\(activities))"),
            "SELECT id FROM sales_activities WHERE id IN (\(activities)) ORDER BY id FOR NO KEY UPDATE",
        ]
    }

    static func read(_ activities: SQL) -> SQL {
        """
        SELECT a.id, a.type, a.subject, a.description, a.location, a.meeting_kind, a.agenda, a.lead_id, a.partner_id,
            a.proposal_id, a.is_personal, a.scheduled_at, a.booked_at, a.completed_at, a.duration_minutes, a.outcome,
            a.outcome_note, a.version, a.ics_uid, a.ics_sequence, a.status, a.status_seq, a.status_since,
            coalesce(l.email, p.email)::text AS guest, r.id AS rep_id, r.time_zone AS rep_zone
        FROM sales_activities a
        JOIN sales_reps r ON r.id = a.sales_rep_id
        LEFT JOIN leads l ON l.id = a.lead_id
        LEFT JOIN partners p ON p.id = a.partner_id
        WHERE a.id IN (\(activities))
        ORDER BY a.id
        """
    }

    /// Locks and reads the lead, and reads the partner and the rep, of which an activity is made.
    static func origin(lead: UUID?, partner: UUID?, rep: UUID?) -> [SQL] {
        [
            LeadRows.lock("SELECT \(lead)"),
            """
            SELECT l.id AS lead_id, p.id AS partner_id, l.status AS lead_status,
                coalesce(l.email, p.email)::text AS guest, coalesce(l.company_name, p.business_name) AS company,
                r.id AS rep_id, r.time_zone AS rep_zone
            FROM (SELECT \(lead)::uuid AS lead, \(partner)::uuid AS partner, \(rep)::uuid AS rep) asked
            LEFT JOIN leads l ON l.id = asked.lead
            LEFT JOIN partners p ON p.id = asked.partner
            LEFT JOIN sales_reps r ON r.id = coalesce(asked.rep, l.sales_rep_id, p.sales_rep_id)
            """,
        ]
    }

    static func insert(_ facts: ActivityFacts, _ standing: RecordStanding) -> SQL {
        let text = facts.text
        let booked = facts.scheduledAt == nil ? nil : facts.bookedAt ?? standing.since
        return """
            INSERT INTO sales_activities (id, type, subject, description, location, meeting_kind, agenda, sales_rep_id,
                lead_id, partner_id, proposal_id, is_personal, scheduled_at, booked_at, completed_at,
                duration_minutes, outcome, outcome_note, version, ics_uid, ics_sequence, status, status_seq,
                status_since)
            VALUES (\(facts.id), \(facts.kind.rawValue), \(text.subject), \(text.description), \(text.location),
                \(text.meetingKind), \(text.agenda), \(facts.rep.id), \(facts.lead), \(facts.partner),
                \(facts.proposal), \(facts.isPersonal), \(facts.scheduledAt), \(booked), \(facts.completedAt),
                \(facts.durationMinutes), \(facts.outcome), \(facts.outcomeNote), \(facts.version),
                \(facts.calendarID), \(facts.calendarSequence), \(standing.state), \(standing.seq),
                \(standing.since))
            """
    }

    /// Writes the row if it still stands where it was locked; anything else aborts the transaction.
    ///
    /// Calling an invitation off is a change of it too: its sequence rises, so that no calendar takes it for an old one
    /// (RFC 5546).
    static func update(_ facts: ActivityFacts, _ standing: RecordStanding, from before: RecordStanding) -> SQL {
        let isCalledOff = standing.state == "cancelled" && before.state != "cancelled"
        return """
            WITH moved AS (
                UPDATE sales_activities
                SET scheduled_at = \(facts.scheduledAt), booked_at = \(facts.bookedAt),
                    completed_at = \(facts.completedAt), duration_minutes = \(facts.durationMinutes),
                    outcome = \(facts.outcome), outcome_note = \(facts.outcomeNote), version = \(facts.version),
                    ics_sequence = \(facts.calendarSequence + (isCalledOff ? 1 : 0)),
                    status = \(standing.state), status_seq = \(standing.seq), status_since = \(standing.since)
                WHERE id = \(facts.id) AND status = \(before.state) AND status_seq = \(before.seq)
                RETURNING 1
            )
            SELECT workflow_demand_one((SELECT count(*) FROM moved), 'activity')
            """
    }
}

extension ActivityFacts {
    /// Reads a row of ``ActivityRows/read(_:)``.
    init(_ row: Row) throws {
        let text = Text(
            subject: try row.value("subject"), description: try row.optional("description"),
            location: try row.optional("location"), meetingKind: try row.optional("meeting_kind"),
            agenda: try row.value("agenda"))
        // The column is checked against the same values.
        let kind = Kind(rawValue: try row.value("type")) ?? .note
        self.init(id: try row.value("id"), kind: kind, text: text, rep: try RepReference(of: row))
        self.lead = try row.optional("lead_id")
        self.partner = try row.optional("partner_id")
        self.proposal = try row.optional("proposal_id")
        self.isPersonal = try row.value("is_personal")
        self.scheduledAt = try row.optional("scheduled_at")
        self.bookedAt = try row.optional("booked_at")
        self.completedAt = try row.optional("completed_at")
        self.durationMinutes = try row.optional("duration_minutes")
        self.outcome = try row.optional("outcome")
        self.outcomeNote = try row.optional("outcome_note")
        self.version = try row.value("version")
        self.calendarID = try row.optional("ics_uid")
        self.calendarSequence = try row.value("ics_sequence")
        self.guest = try row.optional("guest")
    }
}
