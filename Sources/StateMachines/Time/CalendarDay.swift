public import Foundation

/// A day of the calendar without a time zone: a due date, a holiday.
///
/// Arithmetic is exact and needs no zone; a zone is needed only to say when the day begins.
public struct CalendarDay: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Days since 1970-01-01, negative before.
    public var daysSince1970: Int

    /// Makes the day that lies so many days after 1970-01-01.
    public init(daysSince1970: Int) {
        self.daysSince1970 = daysSince1970
    }

    /// Makes a day of its parts; nil when there is no such day.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1 else { return nil }
        // The civil calendar counted from 1 March, so that the leap day comes last
        // (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        self.daysSince1970 = era * 146_097 + dayOfEra - 719_468
        guard parts == (year, month, day) else { return nil }
    }

    /// Reads `YYYY-MM-DD`; nil for anything else.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.map(\.utf8.count) == [4, 2, 2],
            parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// The day that it is at `instant` in `zone`.
    public init(_ instant: Date, in zone: TimeZone) {
        let local = instant.timeIntervalSince1970 + Double(zone.secondsFromGMT(for: instant))
        self.daysSince1970 = Int((local / 86_400).rounded(.down))
    }

    /// Year, month and day.
    public var parts: (year: Int, month: Int, day: Int) {
        let shifted = daysSince1970 + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    /// `YYYY-MM-DD`.
    public var description: String {
        let (year, month, day) = parts
        func padded(_ number: Int, _ width: Int) -> String {
            String(repeating: "0", count: max(0, width - String(number).count)) + String(number)
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    /// Whether it is a Saturday or Sunday.
    public var isWeekend: Bool {
        // 1970-01-01 was a Thursday.
        let weekday = ((daysSince1970 + 4) % 7 + 7) % 7
        return weekday == 0 || weekday == 6
    }

    /// The day so many days later, or earlier when negative.
    public func adding(days: Int) -> CalendarDay {
        CalendarDay(daysSince1970: daysSince1970 + days)
    }

    /// The day so many business days later, or earlier when negative: Monday to Friday less `holidays`.
    public func adding(businessDays: Int, holidays: Set<CalendarDay>) -> CalendarDay {
        let step = businessDays < 0 ? -1 : 1
        var day = self
        for _ in 0..<abs(businessDays) {
            repeat { day = day.adding(days: step) } while day.isWeekend || holidays.contains(day)
        }
        return day
    }

    /// The moment at which it is so late on this day in `zone`.
    ///
    /// A time that a clock change leaves out is taken with the offset before the change (02:30 becomes 03:30); of a
    /// time that comes twice, the first is taken.
    public func instant(hour: Int = 0, minute: Int = 0, in zone: TimeZone) -> Date {
        let local = Double(daysSince1970 * 86_400 + hour * 3_600 + minute * 60)
        // A zone's offset moves at most once within the two days around the wanted moment.
        let before = Double(zone.secondsFromGMT(for: Date(timeIntervalSince1970: local - 86_400)))
        let after = Double(zone.secondsFromGMT(for: Date(timeIntervalSince1970: local + 86_400)))
        let early = Date(timeIntervalSince1970: local - before)
        if Double(zone.secondsFromGMT(for: early)) == before { return early }
        let late = Date(timeIntervalSince1970: local - after)
        return Double(zone.secondsFromGMT(for: late)) == after ? late : early
    }

    /// Orders days by time.
    public static func < (left: CalendarDay, right: CalendarDay) -> Bool {
        left.daysSince1970 < right.daysSince1970
    }
}
