import Foundation
import StateMachines

/// When the things of the demo happen.
///
/// The files tell the days around Thursday, 2024-12-19. Planted as of another day, each keeps its distance to it; what
/// happened in that month up to then and would fall into the month before is put on the first, in its order.
struct DemoCalendar: Sendable {
    /// A text that is no moment.
    struct NoMoment: Error, CustomStringConvertible {
        let text: String
        var description: String { "\"\(text)\" is no moment of the demo, such as 2024-12-19 or 2024-12-19 14:00." }
    }

    /// The day around which the files are written.
    static let written = CalendarDay(daysSince1970: 20_076)
    /// Whatever is put on the first has happened by then.
    private static let crowdedHours = 6.0

    /// The day as of which is planted.
    let today: CalendarDay
    /// The company's zone.
    let zone: TimeZone

    /// The reference moment as the files would write it.
    var writtenReference: String { "\(Self.written) 09:30" }
    /// The moment up to which time has passed.
    var reference: Date { today.instant(hour: 9, minute: 30, in: zone) }

    private var shift: Int { today.daysSince1970 - Self.written.daysSince1970 }
    private var first: CalendarDay { today.adding(days: 1 - today.parts.day) }
    private var writtenFirst: CalendarDay { Self.written.adding(days: 1 - Self.written.parts.day) }

    /// The day for one of the files.
    func day(_ text: String) throws -> CalendarDay {
        guard let day = CalendarDay(text) else { throw NoMoment(text: text) }
        let moved = day.adding(days: shift)
        return isCrowded(day) ? first : moved
    }

    /// The moment for one of the files.
    func moment(_ text: String) throws -> Date {
        let parts = text.split(separator: " ")
        let clock = (parts.count == 2 ? parts[1] : "").split(separator: ":").compactMap { Int($0) }
        guard parts.count == 2, clock.count == 2, let day = CalendarDay(parts[0]) else { throw NoMoment(text: text) }
        guard isCrowded(day) else { return day.adding(days: shift).instant(hour: clock[0], minute: clock[1], in: zone) }
        let passed = Double((day.daysSince1970 - writtenFirst.daysSince1970) * 1_440 + clock[0] * 60 + clock[1])
        let whole = Double((first.adding(days: -shift).daysSince1970 - writtenFirst.daysSince1970) * 1_440)
        let seconds = (passed / whole * Self.crowdedHours * 3_600).rounded()
        return first.instant(in: zone).addingTimeInterval(seconds)
    }

    /// Whether a day of the month of the files would fall into the month before.
    private func isCrowded(_ day: CalendarDay) -> Bool {
        day >= writtenFirst && day.adding(days: shift) < first
    }
}
