public import Foundation

extension TimerRule {
    /// When occurrence `occurrence` (from 1) of this timer is meant to happen, counted from `anchor`.
    ///
    /// Days, business days and weeks are counted on local dates in `zone` and turned into a moment last, so that 9am
    /// stays 9am over a clock change; minutes and hours are absolute. Occurrence k lies (k − 1) × `every` after the
    /// first. Source: docs/lifecycle-files.md.
    public func moment(
        occurrence: Int, from anchor: FactValue, zone: TimeZone, holidays: Set<CalendarDay>
    ) -> Date {
        var place = LocalMoment(anchor, in: zone)
        if let distance = when.distance {
            place.shift(by: distance, times: when.isBefore ? -1 : 1, holidays: holidays)
        }
        if let at { place.set(hour: at.hour, minute: at.minute) }
        if let repeats, occurrence > 1 {
            place.shift(by: repeats.every, times: occurrence - 1, holidays: holidays)
        }
        return place.instant
    }
}

/// A place on a zone's calendar that can be moved by days without losing its time of day.
private struct LocalMoment {
    var day: CalendarDay
    var secondsOfDay: Double
    var absolute: Double = 0
    // An instant that no calendar arithmetic has touched is given back to the second, also in an hour that comes twice.
    var untouched: Date?
    let zone: TimeZone

    init(_ value: FactValue, in zone: TimeZone) {
        self.zone = zone
        switch value {
        case .day(let day):
            (self.day, self.secondsOfDay) = (day, 0)
        case .instant(let instant):
            self.untouched = instant
            self.day = CalendarDay(instant, in: zone)
            let local = instant.timeIntervalSince1970 + Double(zone.secondsFromGMT(for: instant))
            self.secondsOfDay = local - Double(self.day.daysSince1970 * 86_400)
        }
    }

    mutating func shift(by span: Span, times: Int, holidays: Set<CalendarDay>) {
        let count = span.count * times
        if span.unit != .minute, span.unit != .hour { untouched = nil }
        switch span.unit {
        case .minute: absolute += Double(count * 60)
        case .hour: absolute += Double(count * 3_600)
        case .day: day = day.adding(days: count)
        case .businessDay: day = day.adding(businessDays: count, holidays: holidays)
        case .week: day = day.adding(days: count * 7)
        }
    }

    mutating func set(hour: Int, minute: Int) {
        // A time of day replaces the day's time; what was absolute before has to be settled into the day first.
        let settled = LocalMoment(.instant(instant), in: zone)
        (day, absolute, secondsOfDay) = (settled.day, 0, Double(hour * 3_600 + minute * 60))
        untouched = nil
    }

    var instant: Date {
        if let untouched { return untouched.addingTimeInterval(absolute) }
        let minutes = Int(secondsOfDay) / 60
        let rest = secondsOfDay - Double(minutes * 60)
        return day.instant(hour: minutes / 60, minute: minutes % 60, in: zone).addingTimeInterval(rest + absolute)
    }
}
