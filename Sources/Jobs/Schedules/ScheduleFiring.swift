internal import Foundation

/// What is to be done about a schedule whose moment has come: a pure decision.
struct ScheduleFiring: Hashable {
    /// For which moments a job is asked for, in order.
    let moments: [Date]
    /// When it fires next; still due while there is more to make up for.
    let next: Date

    /// - Parameters:
    ///   - cron: When the schedule fires.
    ///   - zone: Whose clocks count.
    ///   - catchUp: What becomes of what was missed.
    ///   - due: The moment that has come; not later than `now`.
    ///   - now: The clock.
    ///   - limit: How many moments at once.
    init(cron: CronExpression, zone: TimeZone, catchUp: CatchUp, due: Date, now: Date, limit: Int) {
        // Before `due` nothing counts, whatever the expression says: it may be younger than its last moment.
        let last = max(due, cron.last(through: now, in: zone))
        switch catchUp {
        case .none:
            moments = now.timeIntervalSince(last) <= CatchUp.punctuality ? [last] : []
        case .last:
            moments = [last]
        case .all:
            moments = [due] + cron.moments(after: due, through: now, in: zone, limit: limit - 1)
        }
        next = cron.next(after: catchUp == .all ? moments.last ?? due : now, in: zone)
    }
}
