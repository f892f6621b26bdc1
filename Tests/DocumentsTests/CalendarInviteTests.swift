import Documents
import Foundation
import Testing

@Suite struct CalendarInviteTests {
    private static let writtenAt = Date(timeIntervalSince1970: 1_796_231_045)
    private static let invite = CalendarInvite(
        uid: "018f@drizzl.example", sequence: 0, method: .request, writtenAt: writtenAt,
        startsAt: Date(timeIntervalSince1970: 1_796_320_800), endsAt: Date(timeIntervalSince1970: 1_796_324_400),
        organizer: .init(name: "Sarah \"Sunny\" Johnson", address: "sarah@drizzl.example"),
        attendees: [.init(name: "Jennifer Smith", address: "jennifer@wholefoods.example")],
        summary: "Demo; tasting, and more", location: "2001 15th Avenue West, Seattle",
        details: "Bring:\n- spoons\\forks")

    @Test func `an invitation is this, byte for byte`() {
        let expected = [
            "BEGIN:VCALENDAR", "PRODID:-//Drizzl//Drizzl//EN", "VERSION:2.0", "CALSCALE:GREGORIAN", "METHOD:REQUEST",
            "BEGIN:VEVENT", "UID:018f@drizzl.example", "SEQUENCE:0", "DTSTAMP:20261202T170405Z",
            "DTSTART:20261203T180000Z", "DTEND:20261203T190000Z",
            "ORGANIZER;CN=\"Sarah 'Sunny' Johnson\":mailto:sarah@drizzl.example",
            "ATTENDEE;CN=\"Jennifer Smith\";ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSV",
            " P=TRUE:mailto:jennifer@wholefoods.example", "SUMMARY:Demo\\; tasting\\, and more",
            "LOCATION:2001 15th Avenue West\\, Seattle", "DESCRIPTION:Bring:\\n- spoons\\\\forks", "STATUS:CONFIRMED",
            "TRANSP:OPAQUE", "END:VEVENT", "END:VCALENDAR",
        ]
        #expect(Array(Self.invite.text.utf8) == Array(expected.map { $0 + "\r\n" }.joined().utf8))
    }

    @Test func `a change has the same UID and a higher SEQUENCE, a cancellation asks for no answer`() {
        var changed = Self.invite
        changed.sequence = 2
        changed.method = .cancel
        let lines = changed.text.split(separator: "\r\n")
        for line in ["METHOD:CANCEL", "UID:018f@drizzl.example", "SEQUENCE:2", "STATUS:CANCELLED"] {
            #expect(lines.contains(Substring(line)), "\(line)")
        }
        #expect(!changed.text.contains("RSVP"))
        #expect(lines.contains("ATTENDEE;CN=\"Jennifer Smith\":mailto:jennifer@wholefoods.example"))
    }

    @Test func `no line is longer than 75 bytes, no character is split, and unfolding gives the text back`() {
        for count in 0..<90 {
            var invite = Self.invite
            invite.summary = String(repeating: "x", count: count) + String(repeating: "🥤ü", count: 60)
            let lines = invite.text.split(separator: "\r\n", omittingEmptySubsequences: false)
            #expect(lines.allSatisfy { $0.utf8.count <= 75 })
            #expect(invite.text.replacing("\r\n ", with: "").contains("SUMMARY:\(invite.summary)\r\n"))
        }
    }

    @Test func `nobody can smuggle a line into a calendar`() {
        var invite = Self.invite
        invite.summary = "Demo\r\nATTENDEE:mailto:evil@example.com\u{2028}X:1"
        invite.location = "here\r\nEND:VEVENT\rX\u{85}Y\u{0}Z"
        invite.organizer.name = "Sarah\r\nX-EVIL:1"
        invite.attendees[0].address = "a@b.example\nX-EVIL:2"
        invite.uid = "1\nX-EVIL:3"
        let names = invite.text.replacing("\r\n ", with: "").split(separator: "\r\n").map { $0.prefix { $0.isLetter } }
        #expect(names.count == 20)
        #expect(!names.contains("X"))
        #expect(names.count { $0 == "ATTENDEE" } == 1)
        #expect(names.count { $0 == "END" } == 2)
        let unbroken = invite.text.replacing("\r\n", with: "")
        #expect(!unbroken.utf8.contains(0x0A) && !unbroken.utf8.contains(0x0D) && !unbroken.utf8.contains(0))
    }

    @Test func `no place and no details are no empty lines`() {
        var invite = Self.invite
        (invite.location, invite.details) = (nil, "")
        #expect(!invite.text.contains("LOCATION"))
        #expect(!invite.text.contains("DESCRIPTION"))
    }
}
