import Foundation
import Testing
import Workflows

@Suite("Probability by stage (R-31) and the meeting reminder (R-23)")
struct SellingRuleTests {
    private let start = Date(timeIntervalSince1970: 1_770_000_000)

    @Test("each stage of a lead and of a deal has its probability")
    func stages() {
        #expect(StageProbability.ofLead["new"] == 10)
        #expect(StageProbability.ofLead["negotiation"] == 80)
        #expect(StageProbability.ofLead.count == 9)
        #expect(StageProbability.ofDeal["qualification"] == 20)
        #expect(StageProbability.ofDeal["proposal"] == 50)
        #expect(StageProbability.ofDeal.count == 6)
        #expect(StageProbability.ofDeal["closed_lost"] == 0)
    }

    @Test("a manual probability is shown in place of the stage's, and marked")
    func manual() {
        #expect(StageProbability.shown(ofStage: 35, manual: 75) == (75, true))
        #expect(StageProbability.shown(ofStage: 35, manual: nil) == (35, false))
    }

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
