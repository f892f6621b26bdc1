import Foundation
import StateMachines
import Testing

@Suite struct TimerDecisionTests {
    let decider = VisitBed.decider

    func armed(_ standing: RecordStanding, _ facts: VisitBed.Facts, _ fired: FiredTimers = .init()) -> [String: Date] {
        let occurrences = decider.armed(standing, facts: facts, fired: fired)
        return Dictionary(uniqueKeysWithValues: occurrences.map { ($0.timer, $0.moment) })
    }

    func occurrence(
        _ timer: String, _ standing: RecordStanding, _ facts: VisitBed.Facts = .init()
    ) throws -> TimerOccurrence {
        try #require(decider.armed(standing, facts: facts, fired: .init()).first { $0.timer == timer })
    }

    @Test func `minutes are absolute, days are counted on the zone's calendar`() {
        // Entered on Saturday evening before the clock change of 8 March: nine o'clock in New York is 13:00 UTC then.
        let standing = VisitBed.standing("planned", since: "2026-03-07T23:00:00Z")
        let facts = VisitBed.Facts(plannedAt: VisitBed.time("2026-03-10T15:30:00Z"))
        #expect(
            armed(standing, facts) == [
                "remind": VisitBed.time("2026-03-10T14:30:00Z"), "nag": VisitBed.time("2026-03-08T13:00:00Z"),
                "digest": VisitBed.time("2026-03-08T01:00:00Z"),
            ])
    }

    @Test func `a timer whose fact is missing, or of another state, is not armed`() {
        #expect(armed(VisitBed.standing("planned"), .init()).keys.sorted() == ["digest", "nag"])
        #expect(armed(VisitBed.standing("running"), .init(plannedAt: .now)).isEmpty)
    }

    @Test func `a moment before the entering is made up for only where the file says so`() {
        // Booked ten minutes before: the reminder of an hour before goes out at once.
        let standing = VisitBed.standing("planned")
        let facts = VisitBed.Facts(plannedAt: standing.since.addingTimeInterval(600))
        #expect(armed(standing, facts)["remind"] == standing.since)
        let late = VisitBed.standing("confirmed")
        #expect(armed(late, .init(plannedAt: late.since.addingTimeInterval(-1))).isEmpty)
    }

    @Test func `an occurrence that has fired for a value never fires again for it`() throws {
        let standing = VisitBed.standing("planned")
        let facts = VisitBed.Facts(plannedAt: standing.since.addingTimeInterval(7_200))
        let first = try occurrence("remind", standing, facts)
        var fired = FiredTimers()
        fired.note(timer: "remind", countedFrom: first.countedFrom, number: 1)
        #expect(armed(standing, facts, fired)["remind"] == nil)
        let moved = VisitBed.Facts(plannedAt: standing.since.addingTimeInterval(9_000))
        #expect(armed(standing, moved, fired)["remind"] != nil)
    }

    @Test func `a repeating timer that was missed fires once, as its last missed moment, and goes on ahead`() throws {
        let standing = VisitBed.standing("planned")
        let due = try occurrence("nag", standing)
        let now = VisitBed.time("2026-03-06T20:00:00Z")
        let change = try #require(
            try decider.fire(due, on: standing, facts: .init(), fired: .init(), now: now))
        let firing = try #require(change.events.first?.firing)
        #expect(firing.number == 4)
        #expect(change.events.first?.asOf == VisitBed.time("2026-03-06T14:00:00Z"))
        #expect(change.events.flatMap(\.jobs).map(\.kind.text) == ["nag"])
        var fired = FiredTimers()
        fired.note(timer: "nag", countedFrom: firing.countedFrom, number: firing.number)
        #expect(armed(change.standing, change.facts, fired)["nag"] == VisitBed.time("2026-03-07T14:00:00Z"))
    }

    @Test func `a timer that may be skipped is dropped and noted when it is more than an hour late`() throws {
        let standing = VisitBed.standing("planned")
        let due = try occurrence("digest", standing)
        for (late, jobs) in [(3_600.0, ["digest"]), (3_601.0, [])] {
            let change = try decider.fire(
                due, on: standing, facts: .init(), fired: .init(), now: due.moment.addingTimeInterval(late))
            #expect(change?.events.flatMap(\.jobs).map(\.kind.text) == jobs)
            #expect(change?.events.flatMap(\.noted).isEmpty == !jobs.isEmpty)
        }
    }

    @Test func `the move of a late timer counts from its moment, and its event caused it`() throws {
        let standing = VisitBed.standing("confirmed", seq: 2)
        let facts = VisitBed.Facts(plannedAt: VisitBed.time("2026-03-03T15:00:00Z"))
        let due = try occurrence("start", standing, facts)
        let change = try #require(
            try decider.fire(
                due, on: standing, facts: facts, fired: .init(), now: VisitBed.time("2026-03-05T15:00:00Z")))
        #expect(change.standing.since == VisitBed.time("2026-03-03T15:00:00Z"))
        #expect(change.events.map(\.kind) == [.timer, .move])
        #expect(change.events.map(\.seq) == [3, 4])
    }

    @Test func `a refused move of a timer is noted, and parked where the file says so`() throws {
        let standing = VisitBed.standing("confirmed")
        let facts = VisitBed.Facts(plannedAt: VisitBed.time("2026-03-03T15:00:00Z"), isWanted: false)
        let due = try occurrence("start", standing, facts)
        let change = try #require(
            try decider.fire(due, on: standing, facts: facts, fired: .init(), now: due.moment))
        #expect(change.standing.state == "confirmed")
        #expect(change.events.flatMap(\.noted).flatMap(\.reasons).map(\.code) == ["unwanted"])
        #expect(change.events.flatMap(\.parked).map(\.what) == ["begin"])
    }

    @Test func `a firing that is not armed any more does nothing`() throws {
        let standing = VisitBed.standing("planned")
        let due = try occurrence("nag", standing)
        let gone = VisitBed.standing("running")
        #expect(try decider.fire(due, on: gone, facts: .init(), fired: .init(), now: due.moment) == nil)
        let early = due.moment.addingTimeInterval(-1)
        #expect(try decider.fire(due, on: standing, facts: .init(), fired: .init(), now: early) == nil)
    }
}
