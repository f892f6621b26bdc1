public import Foundation
public import StateMachines

/// Everything that the guards of an activity look at and its moves change.
public struct ActivityFacts: Sendable {
    /// What it is.
    public enum Kind: String, Sendable, CaseIterable {
        /// A call.
        case call
        /// A mail.
        case email
        /// A meeting.
        case meeting
        /// A demo.
        case demo
        /// A proposal that was sent.
        case proposal
        /// A note.
        case note
        /// Something to do.
        case task
    }

    /// What people wrote about it.
    public struct Text: Sendable, Hashable {
        /// What it is about.
        public var subject: String
        /// More about that.
        public var description: String?
        /// Where it takes place.
        public var location: String?
        /// How: by phone, in person or by video.
        public var meetingKind: String?
        /// What is to be spoken about.
        public var agenda: [String]

        /// Makes texts.
        public init(
            subject: String, description: String? = nil, location: String? = nil, meetingKind: String? = nil,
            agenda: [String] = []
        ) {
            (self.subject, self.description, self.location) = (subject, description, location)
            (self.meetingKind, self.agenda) = (meetingKind, agenda)
        }
    }

    /// The activity.
    public var id: UUID
    /// What it is.
    public var kind: Kind
    /// What people wrote about it.
    public var text: Text
    /// Whose it is.
    public var rep: RepReference
    /// The lead it is about.
    public var lead: UUID?
    /// The partner it is about.
    public var partner: UUID?
    /// The proposal whose sending it stands for.
    public var proposal: UUID?
    /// Whether it is about neither.
    public var isPersonal = false
    /// When it takes place.
    public var scheduledAt: Date?
    /// When that time was set.
    public var bookedAt: Date?
    /// When it was done.
    public var completedAt: Date?
    /// How long it took, or is meant to take.
    public var durationMinutes: Int64?
    /// How it went.
    public var outcome: String?
    /// More about that.
    public var outcomeNote: String?
    /// Which time it is that stands; rises when it is moved.
    public var version: Int64 = 1
    /// The `UID` of its invitation.
    public var calendarID: String?
    /// The `SEQUENCE` of its invitation.
    public var calendarSequence: Int64 = 0
    /// The address of the lead's or partner's contact.
    public var guest: String?
    /// What was said on making it: whether it has happened.
    public var happened: Bool?

    /// Makes the facts of something that has just been entered.
    public init(id: UUID, kind: Kind, text: Text, rep: RepReference) {
        (self.id, self.kind, self.text, self.rep) = (id, kind, text, rep)
        if hasGuests { calendarID = "\(id.uuidString.lowercased())@drizzl.example" }
    }

    /// Whether others come to it, so that it is entered in their calendars.
    public var hasGuests: Bool { kind == .meeting || kind == .demo }
}

extension ActivityFacts: Governed {
    /// `scheduled_at`.
    public func value(ofFact name: String) -> FactValue? {
        name == "scheduled_at" ? scheduledAt.map(FactValue.instant) : nil
    }

    /// The rep's zone.
    public func zone(named name: String) -> TimeZone? { name == "rep" ? rep.zone : nil }

    /// The columns that history shows.
    public var columns: [String: JSONValue] {
        [
            "type": .string(kind.rawValue), "subject": .string(text.subject), "lead_id": .orNull(lead),
            "partner_id": .orNull(partner), "scheduled_at": .optional(scheduledAt),
            "completed_at": .optional(completedAt), "duration_minutes": .orNull(durationMinutes),
            "outcome": .orNull(outcome), "version": .integer(version),
        ]
    }

    /// Stamps `completed_at`.
    public mutating func stamp(_ column: String, at moment: Date, calendar: CompanyCalendar) {
        if column == "completed_at" { completedAt = moment }
    }
}
