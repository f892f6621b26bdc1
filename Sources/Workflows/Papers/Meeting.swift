public import Database
public import Documents
public import Foundation

/// A meeting as its guest and its rep are told about it, looked at in the present.
public struct Meeting: Sendable {
    /// A person at the meeting.
    public struct Person: Sendable {
        /// The name.
        public var name: String
        /// The address; nil: none is known.
        public var email: String?
        /// The zone in which this person reads times.
        public var zone: TimeZone
    }

    /// The activity.
    public var id: UUID
    /// Its state.
    public var state: String
    /// What it is about.
    public var subject: String
    /// When it begins; nil: no time is set.
    public var startsAt: Date?
    /// How long it takes.
    public var minutes: Int
    /// Where.
    public var place: String?
    /// What is to be spoken about.
    public var agenda: [String]
    /// How often its time was set.
    public var version: Int
    /// The identity that its invitation was given; nil: none.
    public var uid: String?
    /// The sequence of its invitation.
    public var sequence: Int
    /// Whether it was moved or called off after the event that is asked for.
    public var isOvertaken: Bool
    /// The rep.
    public var repID: UUID
    /// The rep, as people know them.
    public var rep: Person
    /// The contact of the lead or partner; nil: the activity is personal.
    public var guest: Person?
    /// The guest's business.
    public var businessName: String?

    /// Reads a meeting.
    ///
    /// - Parameters:
    ///   - activity: The activity.
    ///   - event: The event after which it may have been overtaken.
    ///   - session: A session or transaction.
    /// - Returns: nil when there is no such activity.
    /// - Throws: `DatabaseError`.
    public static func read(_ activity: UUID, since event: UUID, in session: Session) throws -> Meeting? {
        try session.first(query(activity, event)).map(Meeting.init)
    }

    /// The letter to one of the two.
    ///
    /// - Parameters:
    ///   - reader: Who reads it.
    ///   - occasion: What there is to say.
    ///   - company: Who writes.
    /// - Returns: The letter; a meeting without a time says so.
    public func letter(
        to reader: Person, _ occasion: MeetingLetter.Occasion, of company: CompanyProfile
    ) -> MeetingLetter {
        let others = [guest?.name, businessName].compactMap(\.self).joined(separator: ", ")
        return MeetingLetter(
            letterhead: company.letterhead, reader: reader.name,
            with: occasion == .near ? (others.isEmpty ? subject : others) : rep.name, occasion: occasion,
            subject: subject, when: startsAt?.printed(in: reader.zone) ?? "without a time", place: place, agenda: agenda
        )
    }

    /// Whether the guest may ever have had an invitation.
    ///
    /// One that was dropped at a second try may have arrived at the first.
    ///
    /// - Parameter session: A session or transaction.
    /// - Returns: Whether one was written that the server has not refused.
    /// - Throws: `DatabaseError`.
    public func wasInvited(in session: Session) throws -> Bool {
        try session.first(
            """
            SELECT EXISTS (
                SELECT FROM outbound_emails
                WHERE machine = 'activity' AND record_id = \(id) AND template = 'meeting_invite'
                  AND state <> 'refused'
            ) AS was_invited
            """)?.value("was_invited") ?? false
    }

    private static func query(_ activity: UUID, _ event: UUID) -> SQL {
        """
        SELECT a.id, a.status, a.subject, a.scheduled_at, a.duration_minutes, a.location, a.meeting_kind, a.agenda,
            a.version, a.ics_uid, a.ics_sequence, r.id AS rep_id, r.first_name || ' ' || r.last_name AS rep_name,
            r.email::text AS rep_email, r.time_zone AS rep_zone,
            coalesce(p.contact_name, l.contact_name) AS guest_name, coalesce(p.email, l.email)::text AS guest_email,
            p.time_zone AS guest_zone, coalesce(p.business_name, l.company_name) AS business_name,
            EXISTS (
                SELECT FROM workflow_events e
                JOIN workflow_events later ON later.machine = e.machine AND later.record_id = e.record_id
                    AND later.seq > e.seq AND later.move IN ('reschedule', 'cancel', 'cancel_with_lead')
                WHERE e.id = \(event)
            ) AS is_overtaken
        FROM sales_activities a
        JOIN sales_reps r ON r.id = a.sales_rep_id
        LEFT JOIN partners p ON p.id = a.partner_id
        LEFT JOIN leads l ON l.id = a.lead_id
        WHERE a.id = \(activity)
        """
    }

    /// How long a meeting takes that does not say so.
    private static let usualMinutes = 60

    private init(_ row: Row) throws {
        let repZone = TimeZone(identifier: try row.value("rep_zone")) ?? .gmt
        self.id = try row.value("id")
        self.state = try row.value("status")
        self.subject = try row.value("subject")
        self.startsAt = try row.optional("scheduled_at")
        self.minutes = max(1, try row.optional("duration_minutes") ?? Self.usualMinutes)
        self.place = try row.optional("location") ?? Self.place(try row.optional("meeting_kind"))
        self.agenda = try row.value("agenda")
        self.version = try row.value("version")
        self.uid = try row.optional("ics_uid")
        self.sequence = try row.value("ics_sequence")
        self.isOvertaken = try row.value("is_overtaken")
        self.repID = try row.value("rep_id")
        self.rep = Person(name: try row.value("rep_name"), email: try row.optional("rep_email"), zone: repZone)
        let email: String? = try row.optional("guest_email")
        // A lead has no zone of its own; the rep's is the best that is known.
        let zone = try row.optional("guest_zone", as: String.self).flatMap { TimeZone(identifier: $0) } ?? repZone
        self.guest = try row.optional("guest_name", as: String.self).map { Person(name: $0, email: email, zone: zone) }
        self.businessName = try row.optional("business_name")
    }

    private static func place(_ kind: String?) -> String? {
        switch kind {
        case "phone": "By telephone"
        case "video": "Video call"
        default: nil
        }
    }
}
