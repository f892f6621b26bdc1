public import Foundation

/// An appointment as it is told to calendars: invited, moved or called off (RFC 5545, RFC 5546).
///
/// A change is a request of the same `uid` with a higher `sequence`; programs put it in the place of the earlier one.
public struct CalendarInvite: Sendable, Equatable {
    /// What the receiver's calendar is asked to do.
    public enum Method: String, Sendable {
        /// Enter the appointment, or change the one that is entered.
        case request = "REQUEST"
        /// Strike it out.
        case cancel = "CANCEL"
    }

    /// Which appointment it is, the same for ever and everywhere: `018f…@drizzl.example`.
    public var uid: String
    /// How often it was changed, from 0.
    public var sequence: Int
    /// What the calendar is asked to do.
    public var method: Method
    /// When this message was written.
    public var writtenAt: Date
    /// When it begins.
    public var startsAt: Date
    /// When it ends.
    public var endsAt: Date
    /// Who invites.
    public var organizer: MailAddress
    /// Who is invited.
    public var attendees: [MailAddress]
    /// What it is about, on one line.
    public var summary: String
    /// Where it is; nil: not said.
    public var location: String?
    /// What is to be done there; may hold line ends.
    public var details: String?

    /// Makes the value; any text can be written.
    public init(
        uid: String, sequence: Int, method: Method, writtenAt: Date, startsAt: Date, endsAt: Date,
        organizer: MailAddress, attendees: [MailAddress], summary: String, location: String? = nil,
        details: String? = nil
    ) {
        self.uid = uid
        self.sequence = sequence
        self.method = method
        self.writtenAt = writtenAt
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.organizer = organizer
        self.attendees = attendees
        self.summary = summary
        self.location = location
        self.details = details
    }

    /// The iCalendar object: lines of at most 75 bytes, each with CRLF at its end; times in UTC.
    public var text: String {
        let isCancelled = method == .cancel
        var lines = [
            "BEGIN:VCALENDAR", "PRODID:-//Drizzl//Drizzl//EN", "VERSION:2.0", "CALSCALE:GREGORIAN",
            "METHOD:\(method.rawValue)", "BEGIN:VEVENT", "UID:\(CalendarText.value(uid))", "SEQUENCE:\(sequence)",
            "DTSTAMP:\(CalendarText.time(writtenAt))", "DTSTART:\(CalendarText.time(startsAt))",
            "DTEND:\(CalendarText.time(endsAt))", "ORGANIZER\(CalendarText.name(of: organizer)):\(organizer.uri)",
        ]
        // Whoever is told that it is off is not asked for an answer.
        let role = isCancelled ? "" : ";ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE"
        lines += attendees.map { "ATTENDEE\(CalendarText.name(of: $0))\(role):\($0.uri)" }
        lines.append("SUMMARY:\(CalendarText.value(PrintableText.line(summary)))")
        if let location = filled(location) { lines.append("LOCATION:\(location)") }
        if let details = filled(details) { lines.append("DESCRIPTION:\(details)") }
        lines += ["STATUS:\(isCancelled ? "CANCELLED" : "CONFIRMED")", "TRANSP:OPAQUE", "END:VEVENT", "END:VCALENDAR"]
        return lines.map { CalendarText.folded($0) + "\r\n" }.joined()
    }

    private func filled(_ text: String?) -> String? {
        text.map(CalendarText.value).flatMap { $0.isEmpty ? nil : $0 }
    }
}

extension MailAddress {
    fileprivate var uri: String { "mailto:\(CalendarText.line(address))" }
}
