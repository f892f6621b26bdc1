public import Database
import Foundation
public import Jobs
public import Workflows

/// `poll_tracking`: asks a carrier about a parcel every quarter of an hour, until it has arrived (J-21, D-17, R-25).
public struct PollTrackingHandler: JobHandler {
    /// `poll_tracking`.
    public static let kind = OpenParcel.job
    /// Half a day of tries; then it is a dead letter, which operators see, and the parcel gets a new job.
    public let retry = RetryPolicy.network
    /// A carrier that takes longer than this is asked again later.
    public let timeLimit = Duration.seconds(60)
    /// How long to rest between two questions.
    static let interval = Duration.seconds(900)
    private let carriers: Carriers
    private let engine: Engine
    private let pool: Pool

    /// Makes a handler.
    ///
    /// - Parameters:
    ///   - carriers: The carriers that are connected.
    ///   - engine: By whose commands a parcel moves.
    ///   - pool: The database.
    public init(carriers: Carriers, engine: Engine, pool: Pool) {
        (self.carriers, self.engine, self.pool) = (carriers, engine, pool)
    }

    /// Asks, keeps what is said, makes the move that follows, and comes back later; ends when the parcel has arrived.
    ///
    /// Whether something was read for too long is looked at each time, also when the carrier does not answer.
    ///
    /// - Parameters:
    ///   - job: The parcel.
    ///   - context: The job's context.
    /// - Throws: `JobFailure`; what the engine or the database throws.
    public func run(_ job: RecordJob, in context: JobContext) async throws {
        guard let parcel = try await openParcel(job.record) else { return context.remark("no longer due") }
        guard let carrier = carriers[parcel.carrier] else {
            return context.remark("the carrier \(parcel.carrier) is not connected")
        }
        let now = context.now()
        let report: CarrierReport
        do {
            report = try await carrier.report(on: parcel.trackingNumber)
        } catch CarrierFailure.unknownParcel {
            try await watch(parcel, [], now: now)
            throw JobFailure.snooze(Self.interval, "the carrier does not know the number")
        } catch {
            try await watch(parcel, [], now: now)
            throw JobFailure.retry("the carrier did not answer: \(SafeText.of(error))")
        }
        if let command = try await TrackingFeed(pool: pool).take(report.events, of: parcel.id, now: now) {
            // A refusal is kept with the command; the scan itself is kept in any case.
            _ = try await engine.perform(command, now: now)
        }
        try await watch(parcel, report.readings, now: now)
        guard try await openParcel(parcel.id) != nil else { return }
        throw JobFailure.snooze(Self.interval, "asked; not delivered yet")
    }

    private func openParcel(_ id: UUID) async throws -> OpenParcel? {
        try await pool.query(OpenParcel.one(id)).first.map(OpenParcel.init)
    }

    private func watch(_ parcel: OpenParcel, _ readings: [ColdChain.Reading], now: Date) async throws {
        guard parcel.isTemperatureControlled else { return }
        let command = try await TemperatureFeed(pool: pool).take(readings, from: .carrier, of: parcel.id, now: now)
        if let command { _ = try await engine.perform(command, now: now) }
    }
}
