public import Database
public import Foundation
public import Jobs
public import StateMachines
public import Workflows

/// Closes each month on the 3rd and pays what was earned in it on the 5th, at 06:00 of the company's day (J-18).
///
/// Late rather than never: what fell into a time in which nobody led is done as soon as somebody leads again, as it
/// would have been done in time. Source.
public struct CommissionDuty: Duty {
    /// The name, for logs.
    public let name = "close periods and pay commissions"
    /// How long to rest.
    public let interval: Duration
    private let engine: Engine
    private let pool: Pool
    private let calendar: CompanyCalendar
    private let now: @Sendable () -> Date

    private static let hour = 6

    /// Makes the duty.
    ///
    /// - Parameters:
    ///   - engine: By whose commands bonuses are made and commissions are paid.
    ///   - pool: The database.
    ///   - calendar: The company's.
    ///   - interval: How long to rest.
    ///   - now: The clock that says what is due.
    public init(
        engine: Engine, pool: Pool, calendar: CompanyCalendar, interval: Duration = .seconds(60),
        now: @escaping @Sendable () -> Date
    ) {
        (self.engine, self.pool, self.calendar) = (engine, pool, calendar)
        (self.interval, self.now) = (interval, now)
    }

    /// Closes and pays the last month whose time has come, unless that was done.
    ///
    /// - Returns: false.
    /// - Throws: What closing, paying or the database throws.
    public func run() async throws -> Bool {
        let now = now()
        guard let days = try await pool.query(Self.days).first else { return false }
        let closing = lastDue(on: try days.value("close_day"), by: now)
        _ = try await ClosePeriod(engine: engine, pool: pool).run(closing.month, now: now)
        let paying = lastDue(on: try days.value("payout_day"), by: now)
        let payout = PayoutRun(engine: engine, pool: pool)
        guard try await payout.isDue(paying.month, approvedBefore: paying.moment) else { return false }
        _ = try await payout.run(paying.month, approvedBefore: paying.moment, now: now)
        return false
    }

    private static let days: SQL = """
        SELECT setting('commission.close_day')::integer AS close_day,
            setting('commission.payout_day')::integer AS payout_day
        """

    /// The last month whose turn, on a day of the month after it, has come, and when that was.
    private func lastDue(on day: Int, by now: Date) -> (month: EarningPeriod, moment: Date) {
        let current = EarningPeriod(monthOf: calendar.day(of: now))
        let before = current.previous
        let moment = moment(day, of: current)
        return now >= moment ? (before, moment) : (before.previous, self.moment(day, of: before))
    }

    private func moment(_ day: Int, of month: EarningPeriod) -> Date {
        month.start.adding(days: day - 1).instant(hour: Self.hour, minute: 0, in: calendar.zone)
    }
}

extension EarningPeriod {
    /// The month before.
    fileprivate var previous: EarningPeriod { EarningPeriod(monthOf: start.adding(days: -1)) }
}

/// Asks for the statement of each payout that has none.
public struct StatementDuty: Duty {
    /// The name, for logs.
    public let name = "ask for statements"
    /// How long to rest.
    public let interval: Duration
    private static let portion = 100
    private let pool: Pool
    private let waker: QueueWaker
    private let now: @Sendable () -> Date

    /// Makes the duty.
    ///
    /// - Parameters:
    ///   - pool: The database.
    ///   - waker: Told which queues got jobs.
    ///   - interval: How long to rest.
    ///   - now: The clock.
    public init(
        pool: Pool, waker: QueueWaker, interval: Duration = .seconds(30), now: @escaping @Sendable () -> Date
    ) {
        (self.pool, self.waker, self.interval, self.now) = (pool, waker, interval, now)
    }

    /// Queues a portion of the statements that nobody has asked for.
    ///
    /// - Returns: Whether there may be more.
    /// - Throws: `DatabaseError`.
    public func run() async throws -> Bool {
        let now = now()
        let asked = try await pool.transaction { session in
            let rows = try session.query(StatementPaper.ask(limit: Self.portion, now: now))
            let requests = try rows.map { try StatementPaper.request(for: try $0.value("id")) }
            if !requests.isEmpty { try session.execute(Queue.enqueue(requests, now: now)) }
            return requests.count
        }
        if asked > 0 { waker.wake(["default"]) }
        return asked == Self.portion
    }
}
