import Foundation
import StateMachines
import WebAPI

/// Days and moments as people here read them, in the company's time zone.
///
/// By hand: Foundation's formatters put invisible characters before AM and PM.
struct CompanyTime: Sendable {
    let zone: TimeZone

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `Dec 28, 2026`.
    func text(_ day: CalendarDay) -> String {
        let (year, month, number) = day.parts
        return "\(Self.months[month - 1]) \(number), \(year)"
    }

    /// `Dec 28, 2026, 2:00 PM`.
    func text(_ moment: Date) -> String {
        let local = Int(moment.timeIntervalSince1970.rounded(.down)) + zone.secondsFromGMT(for: moment)
        let day = CalendarDay(moment, in: zone)
        let minutes = (local - day.daysSince1970 * 86_400) / 60
        let (hour, minute) = (minutes / 60, minutes % 60)
        let clock = "\((hour + 11) % 12 + 1):\(minute < 10 ? "0" : "")\(minute) \(hour < 12 ? "AM" : "PM")"
        return "\(text(day)), \(clock)"
    }

    /// `2026-12-28T14:00`, as a field for a moment takes it.
    func typed(_ moment: Date) -> String {
        let local = moment.addingTimeInterval(Double(zone.secondsFromGMT(for: moment)))
        return String(Timestamp.text(local).prefix("2026-12-28T14:00".count))
    }
}
