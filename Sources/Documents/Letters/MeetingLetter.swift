/// What someone is told about a meeting: the guest that it is planned, moved or off; the rep that it is near.
public struct MeetingLetter: Sendable, Equatable {
    /// What there is to say.
    public enum Occasion: Sendable, Equatable {
        /// It is planned.
        case planned
        /// It is at another time.
        case moved
        /// It is off.
        case cancelled
        /// It begins soon.
        case near
    }

    /// Who writes.
    public var letterhead: Letterhead
    /// Who is addressed.
    public var reader: String
    /// Who else takes part: the rep for the guest, the guest for the rep.
    public var with: String
    /// What there is to say.
    public var occasion: Occasion
    /// What it is about.
    public var subject: String
    /// When, as it is printed, with its zone.
    public var when: String
    /// Where; nil: not said.
    public var place: String?
    /// What is to be spoken about, a point each.
    public var agenda: [String]

    /// Makes a letter.
    public init(
        letterhead: Letterhead, reader: String, with: String, occasion: Occasion, subject: String, when: String,
        place: String? = nil, agenda: [String] = []
    ) {
        self.letterhead = letterhead
        self.reader = reader
        self.with = with
        self.occasion = occasion
        self.subject = subject
        self.when = when
        self.place = place
        self.agenda = agenda
    }

    /// What the mails `meeting_invite` and `meeting_reminder` can show.
    public var templateValues: [String: TemplateValue] {
        letterhead.templateValues.merging(
            [
                "greetingName": .text(reader), "with": .text(with), "meeting": .text(subject), "when": .text(when),
                "place": .optional(place), "agenda": .list(agenda.map { ["line": .text($0)] }),
                "hasAgenda": .flag(!agenda.isEmpty), "isPlanned": .flag(occasion == .planned),
                "isMoved": .flag(occasion == .moved), "isCancelled": .flag(occasion == .cancelled),
            ]) { _, second in second }
    }
}
