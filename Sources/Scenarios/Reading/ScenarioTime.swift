import Foundation
import StateMachines

/// Moments of a scenario: the company's time, `2026-03-02 10:00`; a day alone begins at midnight.
enum ScenarioTime {
    static func moment(_ text: String, in zone: TimeZone) -> Date? {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let day = CalendarDay(parts[0]) else { return nil }
        guard parts.count == 2 else { return day.instant(in: zone) }
        let digits = parts[1].split(separator: ":", omittingEmptySubsequences: false)
        guard digits.count == 2, digits.allSatisfy({ $0.utf8.count == 2 }), let hour = Int(digits[0]),
            let minute = Int(digits[1]), (0...23).contains(hour), (0...59).contains(minute)
        else { return nil }
        return day.instant(hour: hour, minute: minute, in: zone)
    }

    /// The moment as it is written, with seconds only where there are some.
    static func text(_ moment: Date, in zone: TimeZone) -> String {
        let day = CalendarDay(moment, in: zone)
        let local = Int((moment.timeIntervalSince1970 + Double(zone.secondsFromGMT(for: moment))).rounded(.down))
        let second = local - day.daysSince1970 * 86_400
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let seconds = second % 60 == 0 ? "" : ":" + two(second % 60)
        return "\(day) \(two(second / 3_600)):\(two(second / 60 % 60))\(seconds)"
    }
}
