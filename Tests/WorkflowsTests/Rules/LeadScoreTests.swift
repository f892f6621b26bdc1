import Foundation
import Testing
import Workflows

@Suite("The lead score (R-19)")
struct LeadScoreTests {
    @Test("a lead of which nothing is known scores 50")
    func empty() {
        #expect(LeadScore(Qualification(), annualValueCents: nil).points == 50)
    }

    @Test("the answers of Whole Foods score 92")
    func wholeFoods() {
        let answers = Qualification(
            budget: .confirmed, authority: .decisionMaker, need: .urgent, timeline: .thirtyDays)
        let score = LeadScore(answers, annualValueCents: 8_500_000)
        #expect(score.points == 92)
        #expect(score.band == .fire)
    }

    @Test("a click and a look at the prices lift Costco to 95")
    func costco() {
        let answers = Qualification(
            budget: .confirmed, authority: .decisionMaker, need: .medium, timeline: .thirtyDays)
        let engagement = LeadScore.Engagement(clicks: 1, pricingVisits: 1)
        #expect(LeadScore(answers, annualValueCents: 31_000_000, engagement: engagement).points == 95)
    }

    @Test("three silent weeks cost four points")
    func silent() {
        let answers = Qualification(budget: .estimated, authority: .influencer, need: .exploring, timeline: .longTerm)
        let score = LeadScore(answers, annualValueCents: 13_000_000, silentWeeks: 3)
        #expect(score.points == 42)
        #expect(score.tenths["decay"] == -40)
    }

    @Test("the score ends at 100 and at 0")
    func clamped() {
        let best = Qualification(budget: .confirmed, authority: .decisionMaker, need: .urgent, timeline: .immediate)
        let engagement = LeadScore.Engagement(clicks: 4, demoHeld: true)
        let score = LeadScore(best, annualValueCents: 25_000_000, engagement: engagement)
        #expect(score.points == 100)
        #expect(score.tenths["engagement"] == 90)
        let worst = Qualification(budget: .unknown, authority: .gatekeeper, need: .exploring, timeline: .longTerm)
        #expect(LeadScore(worst, annualValueCents: 0, silentWeeks: 52).points == 0)
    }

    @Test("half a point among the four base factors is rounded once, up")
    func halves() {
        // 8 + 30 + 12.5 + 25 = 75.5
        let answers = Qualification(budget: .confirmed, need: .urgent)
        #expect(LeadScore(answers, annualValueCents: 1_000_000).points == 76)
    }

    @Test("the bands begin at 60, 80 and 85", arguments: [(59, "cold"), (60, "warm"), (80, "hot"), (85, "fire")])
    func bands(points: Int, band: String) {
        // 4 + 6 + 5 + 5 = 20 at the least; the rest comes of steps that the answers can make.
        let found = Self.all.first { $0.points == points }
        #expect(found?.band.rawValue == band)
    }

    @Test("weeks are counted full, from the last contact")
    func weeks() {
        let contact = Date(timeIntervalSince1970: 1_770_000_000)
        #expect(LeadScore.silentWeeks(since: contact, now: contact.addingTimeInterval(7 * 86_400 - 1)) == 0)
        #expect(LeadScore.silentWeeks(since: contact, now: contact.addingTimeInterval(21 * 86_400)) == 3)
        #expect(LeadScore.silentWeeks(since: nil, now: contact) == 0)
    }

    @Test("the factors are kept in points, halves included")
    func factors() {
        let json = LeadScore(Qualification(), annualValueCents: nil, silentWeeks: 2).factorsJSON
        #expect(
            json
                == #"{"authority":12.5,"budget":15,"company_size":10,"decay":-2,"engagement":0,"need":12.5,"timeline":0}"#
        )
    }

    private static var all: [LeadScore] {
        Qualification.Budget.allCases.flatMap { budget in
            Qualification.Authority.allCases.flatMap { authority in
                Qualification.Need.allCases.flatMap { need in
                    (0...20).flatMap { weeks in
                        [0, 1_000_000, 5_000_000, 10_000_000, 25_000_000].flatMap { value in
                            [false, true].map { demo in
                                LeadScore(
                                    Qualification(budget: budget, authority: authority, need: need),
                                    annualValueCents: value, engagement: .init(demoHeld: demo), silentWeeks: weeks)
                            }
                        }
                    }
                }
            }
        }
    }
}
