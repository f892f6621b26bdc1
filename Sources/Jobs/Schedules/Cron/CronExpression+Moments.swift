public import Foundation

extension CronExpression {
    /// The first moment at which it fires after `instant`.
    ///
    /// When the clocks of `zone` are put forward over a time of day, it fires at the first moment after the gap; of a
    /// time that they show twice it fires at the first. An expression that fires in every hour is about intervals: it
    /// fires whenever the clocks show what it says, so in both of two equal hours, and nothing is made up for an hour
    /// that is left out.
    ///
    /// - Parameters:
    ///   - instant: Any moment.
    ///   - zone: Whose clocks count.
    /// - Returns: A moment later than `instant`.
    public func next(after instant: Date, in zone: TimeZone) -> Date {
        // There always is one: an expression that never fires is not made.
        moments(after: instant, through: .distantFuture, in: zone, limit: 1).first ?? .distantFuture
    }

    /// The moments at which it fires, in their order; see ``next(after:in:)``.
    ///
    /// - Parameters:
    ///   - instant: A moment before the first.
    ///   - end: The last one that counts.
    ///   - zone: Whose clocks count.
    ///   - limit: How many at most, from the first.
    /// - Returns: Moments later than `instant` and not later than `end`, each once.
    public func moments(after instant: Date, through end: Date, in zone: TimeZone, limit: Int) -> [Date] {
        var found: Set<Date> = []
        var hasEnough = false
        // A gap may push a moment into the next day, and clocks put back over midnight mix two days: one day more on
        // both sides.
        for day in CronDays(self, from: ZoneDay.day(of: instant, in: zone) - 1, .forward) {
            guard Double(day - 2) * 86_400 < end.timeIntervalSince1970 else { break }
            found.formUnion(moments(on: day, in: zone).filter { $0 > instant && $0 <= end })
            if hasEnough { break }
            hasEnough = found.count >= limit
        }
        return Array(found.sorted().prefix(limit))
    }

    /// The last moment at which it fired, or fires, up to `instant`; see ``next(after:in:)``.
    ///
    /// - Parameters:
    ///   - instant: Any moment.
    ///   - zone: Whose clocks count.
    /// - Returns: A moment not later than `instant`.
    public func last(through instant: Date, in zone: TimeZone) -> Date {
        var found: Date?
        for day in CronDays(self, from: ZoneDay.day(of: instant, in: zone) + 1, .backward) {
            let before = found
            for moment in moments(on: day, in: zone) where moment <= instant { found = max(found ?? moment, moment) }
            // One day more than is needed, as above.
            if before != nil { break }
        }
        return found ?? .distantPast
    }

    /// The moments of one day, in no order; several times of day may be the same moment.
    private func moments(on day: Int, in zone: TimeZone) -> [Date] {
        let day = ZoneDay(day, in: zone)
        return hours.flatMap { hour in
            minutes.flatMap { minute in
                let shown = day.moments(hour: hour, minute: minute)
                if firesEachHour { return shown }
                return Array(shown.prefix(1))
                    + (shown.isEmpty ? [day.momentAfterGap(hour: hour, minute: minute)] : [])
                    .compactMap(\.self)
            }
        }
    }
}
