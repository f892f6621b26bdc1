public import Foundation
import StateMachines

/// Moments as the API writes them.
public enum Timestamp {
    /// The moment as RFC 3339 in UTC: `2026-04-03T07:00:00Z`, with milliseconds where there are any.
    ///
    /// By hand, because Foundation's formatters take many times as long (a list has hundreds of moments).
    public static func text(_ date: Date) -> String {
        let milliseconds = Int64((date.timeIntervalSince1970 * 1_000).rounded(.down))
        let (days, inDay) = milliseconds.quotientAndRemainderFloored(by: 86_400_000)
        let (seconds, fraction) = inDay.quotientAndRemainder(dividingBy: 1_000)
        let time = [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }.joined(separator: ":")
        let suffix = fraction == 0 ? "Z" : ".\(padded(fraction, 3))Z"
        return "\(CalendarDay(daysSince1970: Int(days)))T\(time)\(suffix)"
    }

    /// Reads a moment as RFC 3339 writes it; nil for anything else.
    public static func moment(_ text: String) -> Date? {
        let style = Date.ISO8601FormatStyle()
        return (try? style.parse(text))
            ?? (try? style.year().month().day().time(includingFractionalSeconds: true)
                .timeZone(separator: .omitted).parse(text))
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension Int64 {
    /// Division that rounds down, so that moments before 1970 fall on the right day.
    fileprivate func quotientAndRemainderFloored(by divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
