import Foundation
import Jobs
import Testing

/// What happens when clocks are put forward and back.
@Suite struct CronMomentsTests {
    struct Change: Sendable, CustomTestStringConvertible {
        let text: String
        let zone: String
        let start: String
        let expected: [String]

        var testDescription: String { "\(text) in \(zone) from \(start)" }
    }

    @Test(
        arguments: [
            // New York, 8 March 2026: 02:00 EST becomes 03:00 EDT, at 07:00 UTC.
            Change(
                text: "30 2 * * *", zone: "America/New_York", start: "2026-03-07T00:00:00Z",
                expected: ["2026-03-07T07:30:00Z", "2026-03-08T07:00:00Z", "2026-03-09T06:30:00Z"]),
            // All that falls into the gap, and what is due at its end, is one.
            Change(
                text: "0,15,30 2,3 * * *", zone: "America/New_York", start: "2026-03-08T00:00:00Z",
                expected: ["2026-03-08T07:00:00Z", "2026-03-08T07:15:00Z", "2026-03-08T07:30:00Z"]),
            // By the hour nothing is made up: the hour between 1:30 and 3:30 is one hour.
            Change(
                text: "30 * * * *", zone: "America/New_York", start: "2026-03-08T06:00:00Z",
                expected: ["2026-03-08T06:30:00Z", "2026-03-08T07:30:00Z", "2026-03-08T08:30:00Z"]),
            // New York, 1 November 2026: 02:00 EDT becomes 01:00 EST, at 06:00 UTC.
            Change(
                text: "30 1 * * *", zone: "America/New_York", start: "2026-10-31T00:00:00Z",
                expected: ["2026-10-31T05:30:00Z", "2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"]),
            Change(
                text: "30 0-23 * * *", zone: "America/New_York", start: "2026-11-01T05:00:00Z",
                expected: ["2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z", "2026-11-01T07:30:00Z"]),
            // Berlin, 29 March 2026: 02:00 CET becomes 03:00 CEST, at 01:00 UTC.
            Change(
                text: "0 2 * * *", zone: "Europe/Berlin", start: "2026-03-28T00:00:00Z",
                expected: ["2026-03-28T01:00:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:00:00Z"]),
            Change(
                text: "30 2 29 3 *", zone: "Europe/Berlin", start: "2026-01-01T00:00:00Z",
                expected: ["2026-03-29T01:00:00Z", "2027-03-29T00:30:00Z", "2028-03-29T00:30:00Z"]),
            // Berlin, 25 October 2026: 03:00 CEST becomes 02:00 CET, at 01:00 UTC.
            Change(
                text: "0,30 2 * * *", zone: "Europe/Berlin", start: "2026-10-25T00:00:00Z",
                expected: ["2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:00:00Z"]),
            Change(
                text: "0,30 * * * *", zone: "Europe/Berlin", start: "2026-10-25T00:30:00Z",
                expected: ["2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z", "2026-10-25T01:30:00Z"]),
            // Lord Howe moves by half an hour. 4 October 2026: 02:00 becomes 02:30, at 15:30 UTC of the day before.
            Change(
                text: "15 2 * * *", zone: "Australia/Lord_Howe", start: "2026-10-02T00:00:00Z",
                expected: ["2026-10-02T15:45:00Z", "2026-10-03T15:30:00Z", "2026-10-04T15:15:00Z"]),
            // 5 April 2026: 02:00 becomes 01:30, at 15:00 UTC of the day before.
            Change(
                text: "45 1 * * *", zone: "Australia/Lord_Howe", start: "2026-04-03T00:00:00Z",
                expected: ["2026-04-03T14:45:00Z", "2026-04-04T14:45:00Z", "2026-04-05T15:15:00Z"]),
            Change(
                text: "45 * * * *", zone: "Australia/Lord_Howe", start: "2026-04-04T14:00:00Z",
                expected: ["2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z", "2026-04-04T16:15:00Z"]),
            // Samoa had no 30 December 2011 at all.
            Change(
                text: "0 6 * * *", zone: "Pacific/Apia", start: "2011-12-29T00:00:00Z",
                expected: ["2011-12-29T16:00:00Z", "2011-12-30T10:00:00Z", "2011-12-30T16:00:00Z"]),
            // Where clocks are put forward at midnight, the day begins at one.
            Change(
                text: "@daily", zone: "Africa/Cairo", start: "2026-04-22T12:00:00Z",
                expected: ["2026-04-22T22:00:00Z", "2026-04-23T22:00:00Z", "2026-04-24T21:00:00Z"]),
            Change(
                text: "30 2 * * *", zone: "UTC", start: "2026-03-08T00:00:00Z",
                expected: ["2026-03-08T02:30:00Z", "2026-03-09T02:30:00Z", "2026-03-10T02:30:00Z"]),
        ])
    func `a change of the clocks loses nothing and doubles nothing`(change: Change) throws {
        let expression = try CronExpression(change.text)
        let zone = try #require(TimeZone(identifier: change.zone))
        let start = try Moment.read(change.start)
        let found = expression.moments(after: start.addingTimeInterval(-1), through: .distantFuture, in: zone, limit: 3)
        #expect(found.map(Moment.text) == change.expected)
        // One by one it is the same, and so is looking back.
        var instant = start.addingTimeInterval(-1)
        for expected in found {
            instant = expression.next(after: instant, in: zone)
            #expect(instant == expected)
            #expect(expression.last(through: instant, in: zone) == expected)
            #expect(expression.last(through: instant.addingTimeInterval(59), in: zone) == expected)
        }
    }

    /// Minute by minute, by what the clocks show: another way to the same answer.
    @Test(arguments: ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "UTC", "Africa/Casablanca"])
    func `a year of moments is what a walk over all its minutes finds`(identifier: String) throws {
        let zone = try #require(TimeZone(identifier: identifier))
        var dice = Dice(state: 20_261_123)
        let start = try Moment.read("2026-01-01T00:00:00Z")
        var shown = MinuteWalk(from: start, days: 400, in: zone)
        for _ in 0..<4 {
            let (minute, hour) = (Int.random(in: 0...59, using: &dice), Int.random(in: 0...4, using: &dice))
            let isHourly = Bool.random(using: &dice)
            let text = "\(minute),\((minute + 30) % 60) \(isHourly ? "*" : "\(hour)") * * *"
            let found = try CronExpression(text).moments(
                after: start.addingTimeInterval(-1), through: shown.end.addingTimeInterval(-1), in: zone, limit: .max)
            let wanted = shown.moments(minutes: [minute, (minute + 30) % 60], hour: isHourly ? nil : hour)
            #expect(found == wanted, "\(text) in \(identifier)")
        }
    }

    @Test func `the limit and the end are kept`() throws {
        let expression = try CronExpression("* * * * *")
        let start = try Moment.read("2026-01-01T00:00:30Z")
        let some = expression.moments(after: start, through: start.addingTimeInterval(3_600), in: .gmt, limit: 7)
        #expect(some.map { $0.timeIntervalSince(start) } == (0..<7).map { 30 + Double($0) * 60 })
        let all = expression.moments(after: start, through: start.addingTimeInterval(3_630), in: .gmt, limit: 1_000)
        #expect(all.count == 61)
        #expect(expression.moments(after: start, through: start, in: .gmt, limit: 9).isEmpty)
    }
}

/// What the clocks of a zone show, minute by minute.
private struct MinuteWalk {
    let end: Date
    private var shown: [(moment: Date, minuteOfDay: Int, day: Int)] = []

    init(from start: Date, days: Int, in zone: TimeZone) {
        end = start.addingTimeInterval(Double(days) * 86_400)
        for minute in 0..<days * 1_440 {
            let moment = start.addingTimeInterval(Double(minute) * 60)
            let local = Int(moment.timeIntervalSince1970) + zone.secondsFromGMT(for: moment)
            shown.append((moment, local % 86_400 / 60, local / 86_400))
        }
    }

    mutating func moments(minutes: Set<Int>, hour: Int?) -> [Date] {
        var found: Set<Date> = []
        var before: (minuteOfDay: Int, day: Int)?
        var seen: Set<[Int]> = []
        for (moment, minuteOfDay, day) in shown {
            defer { before = (minuteOfDay, day) }
            if let hour {
                // Everything since the last minute that was shown: one, unless the clocks were put forward.
                let last = before.map { $0.day * 1_440 + $0.minuteOfDay } ?? day * 1_440 + minuteOfDay - 1
                let this = day * 1_440 + minuteOfDay
                let passed = this > last ? Array(last + 1...this) : [this]
                let isMeant = passed.contains { local in
                    let (ofDay, localDay) = (local % 1_440, local / 1_440)
                    return ofDay / 60 == hour && minutes.contains(ofDay % 60)
                        && seen.insert([localDay, ofDay]).inserted
                }
                if isMeant { found.insert(moment) }
            } else if minutes.contains(minuteOfDay % 60) {
                found.insert(moment)
            }
        }
        return found.sorted()
    }
}
