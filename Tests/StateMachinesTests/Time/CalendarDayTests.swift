import Foundation
import StateMachines
import Testing

@Suite struct CalendarDayTests {
    @Test(arguments: [
        "2026-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "26-01-01", "2026-01-00", "", "now", "2026-01-1x",
    ])
    func `what is no day is not read`(_ text: String) {
        #expect(CalendarDay(text) == nil)
    }

    @Test(arguments: [("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11_016), ("2026-04-02", 20_545)])
    func `days are counted from 1970 and written back the same`(_ text: String, _ days: Int) {
        #expect(CalendarDay(text)?.daysSince1970 == days)
        #expect(CalendarDay(daysSince1970: days).description == text)
    }

    @Test func `every day of four centuries is written and read back`() throws {
        let first = try #require(CalendarDay("1800-01-01"))
        for offset in 0..<146_097 {
            let day = first.adding(days: offset)
            #expect(CalendarDay(day.description) == day)
        }
    }

    @Test(
        arguments: [
            ("2024-11-01", 30, "2024-12-01"), ("2024-11-01", 60, "2024-12-31"), ("2025-01-31", 30, "2025-03-02"),
            ("2024-01-31", 30, "2024-03-01"),
        ])
    func `due dates are calendar days (R-08)`(_ issued: String, _ days: Int, _ due: String) {
        #expect(CalendarDay(issued)?.adding(days: days).description == due)
    }

    @Test func `business days leave out weekends and holidays, both ways`() throws {
        let friday = try #require(CalendarDay("2026-07-03"))
        let monday = try #require(CalendarDay("2026-07-06"))
        #expect(friday.adding(businessDays: 1, holidays: []) == monday)
        #expect(friday.adding(businessDays: 1, holidays: [monday]).description == "2026-07-07")
        #expect(monday.adding(businessDays: -1, holidays: [friday]).description == "2026-07-02")
    }

    @Test(
        arguments: [
            ("2026-03-08", 2, 30, "2026-03-08T10:30:00Z"),  // left out by the clock change: with the offset before it
            ("2026-03-08", 9, 0, "2026-03-08T16:00:00Z"), ("2026-03-07", 9, 0, "2026-03-07T17:00:00Z"),
            ("2026-11-01", 1, 30, "2026-11-01T08:30:00Z"),  // comes twice: the first
            ("2026-11-01", 9, 0, "2026-11-01T17:00:00Z"), ("2026-11-02", 0, 0, "2026-11-02T08:00:00Z"),
        ])
    func `a local time becomes a moment, over clock changes too`(
        _ day: String, _ hour: Int, _ minute: Int, _ moment: String
    ) throws {
        let zone = try #require(TimeZone(identifier: "America/Los_Angeles"))
        let instant = try #require(CalendarDay(day)).instant(hour: hour, minute: minute, in: zone)
        #expect(instant.formatted(.iso8601) == moment)
    }

    @Test func `the company's day changes at its own midnight`() throws {
        let zone = try #require(TimeZone(identifier: "America/Los_Angeles"))
        #expect(CalendarDay(try Date("2026-04-03T06:59:59Z", strategy: .iso8601), in: zone).description == "2026-04-02")
        #expect(CalendarDay(try Date("2026-04-03T07:00:00Z", strategy: .iso8601), in: zone).description == "2026-04-03")
    }
}
