public import Database
public import Foundation
public import Jobs
internal import Synchronization
public import StateMachines
public import Workflows

/// Closes each month on the 3rd and pays what was earned in it on the 5th, at 06:00 of the company's day (J-18).
///
/// Late rather than never: what fell into a time in which nobody led is done as soon as somebody leads again. Source:
///
public final class CommissionDuty: Duty {
    /// The name, for logs.
    public let name = "close periods and pay commissions"
    /// How long to rest.
    public let interval: Duration
    private let engine: Engine
    private let pool: Pool
    private let calendar: CompanyCalendar
    private let now: @Sendable () -> Date
    /// The months that this process has closed; closing one again makes nothing.
    private let closed = Mutex<Set<EarningPeriod>>([])

    /// On which day of the next month a period is closed, and on which it is paid.
    private static let (closeDay, payoutDay) = (3, 5)
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

    /// Closes and pays the month before, when its time has come.
    ///
    /// - Returns: false.
    /// - Throws: What closing, paying or the database throws.
    public func run() async throws -> Bool {
        let now = now()
        let current = EarningPeriod(monthOf: calendar.day(of: now))
        let month = EarningPeriod(monthOf: current.start.adding(days: -1))
        guard now >= moment(Self.closeDay, of: current) else { return false }
        if !closed.withLock({ $0.contains(month) }) {
            _ = try await ClosePeriod(engine: engine, pool: pool).run(month, now: now)
            closed.withLock { _ = $0.insert(month) }
        }
        let payday = moment(Self.payoutDay, of: current)
        guard now >= payday, try await isOpen(month, since: payday) else { return false }
        _ = try await PayoutRun(engine: engine, pool: pool).run(month, now: now)
        return false
    }

    private func moment(_ day: Int, of month: EarningPeriod) -> Date {
        month.start.adding(days: day - 1).instant(hour: Self.hour, minute: 0, in: calendar.zone)
    }

    /// Whether the payout was cut short, or has not begun though something was approved in time; what is approved later
    /// waits for the next one.
    private func isOpen(_ month: EarningPeriod, since payday: Date) async throws -> Bool {
        try await pool.query(
            """
            SELECT EXISTS (SELECT FROM payouts WHERE period = \(month.start) AND status = 'draft')
                OR (EXISTS (SELECT FROM commissions WHERE status = 'approved' AND status_since < \(payday))
                    AND NOT EXISTS (SELECT FROM payouts WHERE period = \(month.start) AND status = 'paid')) AS is_open
            """
        ).first?.value("is_open") ?? false
    }
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

    /// Queues a portion of the statements that are missing.
    ///
    /// - Returns: false: what is queued is missing until it is rendered.
    /// - Throws: `DatabaseError`.
    public func run() async throws -> Bool {
        let rows = try await pool.query(StatementPaper.missing(limit: Self.portion))
        let requests = try rows.map { try StatementPaper.request(for: try $0.value("id")) }
        guard !requests.isEmpty else { return false }
        _ = try await pool.query(Queue.enqueue(requests, now: now()))
        waker.wake(["default"])
        return false
    }
}
