public import Database
public import Foundation
public import Jobs
import Workflows

/// Tells those who manage stock when a product crosses its reorder point (J-20, R-29).
public struct LowStockDuty: Duty {
    /// The name, for logs.
    public let name = "tell of low stock"
    /// How long to rest.
    public let interval: Duration
    private static let portion = 50
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
        pool: Pool, waker: QueueWaker, interval: Duration = .seconds(10), now: @escaping @Sendable () -> Date
    ) {
        (self.pool, self.waker, self.interval, self.now) = (pool, waker, interval, now)
    }

    /// Writes the notices of a portion of the crossings, with the jobs that mail them.
    ///
    /// - Returns: false.
    /// - Throws: `DatabaseError`.
    public func run() async throws -> Bool {
        let now = now()
        var mails = 0
        for row in try await pool.query(LowStockNotices.untold(limit: Self.portion)) {
            let (product, crossing) = (try row.value("id", as: UUID.self), try row.value("crossing", as: Int.self))
            mails += try await pool.transaction { session in
                let deliveries = try session.query(
                    LowStockNotices.write(product: product, crossing: crossing, now: now))
                let requests = try deliveries.map { row in
                    LowStockNotices.mail(try row.value("id"), about: product)
                }
                if !requests.isEmpty { try session.execute(Queue.enqueue(requests, now: now)) }
                return requests.count
            }
        }
        if mails > 0 { waker.wake(["default"]) }
        return false
    }
}
