internal import Foundation

/// Instants between `Date` and PostgreSQL, whose clock counts microseconds from 2000-01-01 00:00 UTC.
///
/// Written by hand because the formatters of Foundation cost a hundred times more and round to milliseconds.
enum TimestampText {
    /// Seconds from `Date`'s reference (2001-01-01) back to PostgreSQL's (2000-01-01, a leap year).
    private static let epochSeconds = 366.0 * 86_400
    /// What PostgreSQL can hold: 4713 BC to 294276 AD.
    ///
    /// Beyond it, the nearest infinity.
    private static let range = -211_813_488_000.0...9_223_371_331_200.0

    static func date(microsecondsSince2000 microseconds: Int64) -> Date {
        let (seconds, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        return Date(timeIntervalSinceReferenceDate: Double(seconds) - epochSeconds + Double(rest) / 1_000_000)
    }

    /// The instant in binary form: the first and the last number are the infinities.
    ///
    /// What is no number gets one that the server refuses.
    static func microsecondsSince2000(_ date: Date) -> Int64 {
        let seconds = date.timeIntervalSinceReferenceDate + epochSeconds
        guard !seconds.isNaN else { return .max - 1 }
        guard seconds >= range.lowerBound else { return .min }
        guard seconds < range.upperBound else { return .max }
        let whole = seconds.rounded(.down)
        return Int64(whole) * 1_000_000 + Int64(((seconds - whole) * 1_000_000).rounded())
    }

    static func timestamptz(_ date: Date) -> String {
        guard !date.timeIntervalSinceReferenceDate.isNaN else { return "NaN" }
        let microseconds = microsecondsSince2000(date)
        guard microseconds != .min else { return "-infinity" }
        guard microseconds != .max else { return "infinity" }
        let dayLength: Int64 = 86_400_000_000
        let day = microseconds >= 0 ? microseconds / dayLength : (microseconds - dayLength + 1) / dayLength
        return dateText(daysSince2000: day) + " " + timeText(microseconds - day * dayLength)
    }

    private static func timeText(_ microsecondsOfDay: Int64) -> String {
        let seconds = microsecondsOfDay / 1_000_000
        let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }.joined(separator: ":")
        return clock + "." + padded(microsecondsOfDay % 1_000_000, 6) + "+00"
    }

    /// Days to year, month and day in the proleptic Gregorian calendar, in eras of 400 years (Howard Hinnant,
    /// "chrono-compatible low-level date algorithms"); `BC` goes behind the time zone in PostgreSQL, so years before 1
    /// are written as PostgreSQL also reads them, with the era behind the date.
    private static func dateText(daysSince2000 days: Int64) -> String {
        let shifted = days + 730_425
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let written = padded(year > 0 ? year : 1 - year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2)
        return year > 0 ? written : written + " BC"
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
