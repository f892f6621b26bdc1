public import Foundation

/// The calendar by which the company counts: its time zone and its holidays.
public struct CompanyCalendar: Sendable {
    /// The zone of due dates and periods.
    ///
    /// Source: R-35.
    public var zone: TimeZone
    /// Days that are no business days though no weekend.
    public var holidays: Set<CalendarDay>

    /// Makes a calendar.
    public init(zone: TimeZone, holidays: Set<CalendarDay> = []) {
        (self.zone, self.holidays) = (zone, holidays)
    }

    /// The company's day at `instant`.
    public func day(of instant: Date) -> CalendarDay { CalendarDay(instant, in: zone) }

    /// When the company's day of `instant` began.
    public func midnight(of instant: Date) -> Date { day(of: instant).instant(in: zone) }
}

/// What a timer counts from.
public enum FactValue: Sendable, Hashable {
    /// A calendar day, which counts from its midnight.
    case day(CalendarDay)
    /// A moment.
    case instant(Date)

    /// The moment as which the value is kept; a day by its midnight in UTC, so that it does not depend on a zone.
    public var key: Date {
        switch self {
        case .day(let day): Date(timeIntervalSince1970: Double(day.daysSince1970 * 86_400))
        case .instant(let instant): instant
        }
    }
}
