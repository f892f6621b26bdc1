import Foundation
import Testing
import Workflows

@Suite("The meeting reminder (R-23)")
struct SellingRuleTests {
    private let start = Date(timeIntervalSince1970: 1_770_000_000)

    @Test("a reminder comes an hour before the meeting")
    func hourBefore() {
        let moment = MeetingReminder.moment(start: start, bookedAt: start.addingTimeInterval(-86_400))
        #expect(moment == start.addingTimeInterval(-3_600))
    }

    @Test("a meeting booked within the hour is reminded of at once, until five minutes before")
    func shortNotice() {
        let booked = start.addingTimeInterval(-300)
        #expect(MeetingReminder.moment(start: start, bookedAt: booked) == booked)
        #expect(MeetingReminder.moment(start: start, bookedAt: booked.addingTimeInterval(1)) == nil)
    }

    @Test("a late reminder helps until the meeting begins")
    func late() {
        let booked = start.addingTimeInterval(-86_400)
        #expect(MeetingReminder.stillHelps(start: start, bookedAt: booked, now: start.addingTimeInterval(-1)))
        #expect(!MeetingReminder.stillHelps(start: start, bookedAt: booked, now: start))
    }
}
