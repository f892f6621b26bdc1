import Database
import Foundation
import Jobs
import StateMachines
import Synchronization
import TestSupport
import Workers
import Workflows

/// A collected parcel in a database of its own, a carrier that says what the test tells it to, and a worker that asks.
struct TrackingBed: Sendable {
    let queue: RuntimeTestbed
    let owner: Pool
    let carrier: ToldCarrier
    let handler: PollTrackingHandler
    let parcel = UUID()

    static func with(_ body: (TrackingBed) async throws -> Void) async throws {
        let root = URL(filePath: #filePath).appending(path: "../../../..").standardizedFileURL
        let files = WorkflowFiles.load(directory: root.appending(path: "workflows")).files
        try await RuntimeTestbed.with { queue in
            let owner = queue.owner()
            do {
                let engine = try await Engine.start(
                    files, lifecycles: [ShipmentLifecycle()], calendar: CompanyCalendar(zone: .gmt), pool: queue.pool)
                let carrier = ToldCarrier()
                let bed = TrackingBed(
                    queue: queue, owner: owner, carrier: carrier,
                    handler: PollTrackingHandler(carriers: ["fedex": carrier], engine: engine, pool: queue.pool))
                try await bed.plant()
                try await body(bed)
                await owner.close()
            } catch {
                await owner.close()
                throw error
            }
        }
    }

    private init(queue: RuntimeTestbed, owner: Pool, carrier: ToldCarrier, handler: PollTrackingHandler) {
        (self.queue, self.owner, self.carrier, self.handler) = (queue, owner, carrier, handler)
    }

    /// Asks once and tells how the job stands then.
    func asking(_ job: JobID, attempts: Int) async throws -> JobDetails {
        var details: JobDetails?
        try await queue.working([handler]) {
            details = try await queue.until(job) {
                // Its attempts and its place are two looks: the place may still be the one before.
                $0.attempts.count >= attempts && $0.summary.place != .leased
            }
        }
        guard let details else { throw RuntimeTestbed.Missing() }
        return details
    }

    /// The parcel's job.
    func job() async throws -> JobID {
        let open = try await queue.pool.query(OpenParcel.one(parcel)).map(OpenParcel.init)
        let placed = try await queue.pool.query(Queue.enqueue(open.map { try $0.request }, now: queue.now))
        guard let row = placed.first else { throw RuntimeTestbed.Missing() }
        return try JobPlacement(row: row).jobID
    }

    /// A scan, so many minutes after the collection.
    func scan(_ status: String, minute: Int) -> TrackingFeed.Event {
        TrackingFeed.Event(
            carrierEventID: "E\(minute)", status: status, location: "at \(minute)",
            occurredAt: collected.addingTimeInterval(Double(minute * 60)))
    }

    /// A reading, so many minutes after the collection.
    func reading(_ fahrenheit: Int, minute: Int) -> ColdChain.Reading {
        ColdChain.Reading(
            sensor: "S1", at: collected.addingTimeInterval(Double(minute * 60)), hundredths: fahrenheit * 100)
    }

    /// The rows of a query of one column `text`, in its order.
    func texts(_ query: SQL) async throws -> [String] {
        try await owner.query(query).map { try $0.value("text") }
    }

    private var collected: Date { queue.now.addingTimeInterval(-45 * 60) }

    private func plant() async throws {
        let (order, partner) = (UUID(), UUID())
        let statements: [SQL] = [
            """
            INSERT INTO partners (id, business_name, business_type, contact_name, email, phone, address, city, state,
                zip_code, time_zone, status, status_seq, status_since, approved_by, approved_at)
            VALUES (\(partner), 'Bluebird Cafe', 'cafe', 'Maya Flores', 'maya@bluebird.example', '1', '14 Ocean Avenue',
                'Santa Monica', 'CA', '90401', 'America/Los_Angeles', 'active', 1, now(), \(UUID()), now())
            """,
            """
            INSERT INTO orders (id, order_number, type, partner_id, placed_by_kind, subtotal_cents, tax_cents,
                shipping_cents, total_cents, payment_terms, placed_on, released_at, status, status_seq, status_since,
                payment_status, payment_status_seq, payment_status_since)
            VALUES (\(order), 'ORD-10001', 'B2B', \(partner), 'partner_user', 400000, 0, 0, 400000, 'NET30',
                '2030-03-02', now(), 'shipped', 2, now(), 'pending', 1, now())
            """,
            """
            INSERT INTO shipments (id, order_id, tracking_number, carrier, collected_at, stock_taken_at, last_scan_at,
                status, status_seq, status_since)
            VALUES (\(parcel), \(order), '7489', 'fedex', \(collected), \(collected), \(collected), 'picked_up', 1,
                \(collected))
            """,
        ]
        try await owner.transaction { session in
            _ = try session.pipeline(["SET LOCAL session_replication_role = replica"] + statements)
        }
    }
}

/// A carrier that says what it was told to say.
final class ToldCarrier: CarrierService {
    private let answer = Mutex<Result<CarrierReport, CarrierFailure>>(.failure(.noAnswer("not told yet")))
    private let numbers = Mutex<[String]>([])

    func tell(_ answer: Result<CarrierReport, CarrierFailure>) { self.answer.withLock { $0 = answer } }

    /// The parcels about which it was asked.
    var asked: [String] { numbers.withLock(\.self) }

    func report(on trackingNumber: String) async throws -> CarrierReport {
        numbers.withLock { $0.append(trackingNumber) }
        return try answer.withLock { try $0.get() }
    }
}
