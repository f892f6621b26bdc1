public import Database
public import Foundation
public import Jobs
public import Workflows

/// Sees to it that the carrier of each open parcel is asked about it (J-21).
public struct TrackingDuty: Duty {
    /// The name, for logs.
    public let name = "ask carriers"
    /// How long to rest.
    public let interval: Duration
    private static let portion = 500
    private let carriers: [String]
    private let pool: Pool
    private let waker: QueueWaker
    private let now: @Sendable () -> Date

    /// Makes the duty.
    ///
    /// - Parameters:
    ///   - carriers: The carriers that are connected; none: nobody is asked.
    ///   - pool: The database.
    ///   - waker: Told which queues got jobs.
    ///   - interval: How long to rest.
    ///   - now: The clock.
    public init(
        carriers: Carriers, pool: Pool, waker: QueueWaker, interval: Duration = .seconds(60),
        now: @escaping @Sendable () -> Date
    ) {
        (self.carriers, self.pool, self.waker) = (carriers.keys.sorted(), pool, waker)
        (self.interval, self.now) = (interval, now)
    }

    /// Queues the jobs of the parcels that have none.
    ///
    /// - Returns: false.
    /// - Throws: `DatabaseError`.
    public func run() async throws -> Bool {
        guard !carriers.isEmpty else { return false }
        var last: UUID?
        repeat {
            try Task.checkCancellation()
            let rows = try await pool.query(OpenParcel.all(of: carriers, after: last, limit: Self.portion))
            let parcels = try rows.map(OpenParcel.init)
            last = parcels.count < Self.portion ? nil : parcels.last?.id
            guard !parcels.isEmpty else { return false }
            let placed = try await pool.query(Queue.enqueue(parcels.map { try $0.request }, now: now()))
            if try placed.contains(where: { try JobPlacement(row: $0).isCreated }) { waker.wake(["default"]) }
        } while last != nil
        return false
    }
}
