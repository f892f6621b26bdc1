import Database
import Foundation
import Jobs
import Scheduler
import Testing
import Workflows

/// Of which parcels carriers are asked (J-21).
@Suite struct TrackingDutyTests {
    private struct Silent: CarrierService {
        func report(on trackingNumber: String) async throws -> CarrierReport { CarrierReport(events: []) }
    }

    private static let asked: SQL = """
        SELECT s.tracking_number AS text FROM queue.jobs j JOIN shipments s ON s.id = j.record_id
        WHERE j.kind = 'poll_tracking' ORDER BY 1
        """

    private func plantParcels(_ bed: CompanyBed) async throws {
        let parcels: [(number: String?, carrier: String?, status: String, resolution: String?)] = [
            ("WAITS", "fedex", "pending", nil), ("MOVES", "fedex", "in_transit", nil),
            ("TROUBLE", "fedex", "exception", nil), ("LOST", "fedex", "exception", "written_off"),
            ("THERE", "fedex", "delivered", nil), ("OTHER", "ups", "in_transit", nil), (nil, nil, "pending", nil),
        ]
        try await bed.plant(
            parcels.map { parcel in
                """
                INSERT INTO shipments (id, order_id, tracking_number, carrier, status, resolution, actual_delivery,
                    status_seq, status_since)
                VALUES (\(UUID()), \(UUID()), \(parcel.number), \(parcel.carrier), \(parcel.status), \(parcel.resolution),
                    now(), 1, now())
                """
            })
    }

    private func look(_ bed: CompanyBed, _ carriers: Carriers) async throws {
        let now = CompanyBed.at("2026-03-02", 10)
        _ = try await TrackingDuty(carriers: carriers, pool: bed.pool, waker: QueueWaker { _ in }, now: { now }).run()
    }

    @Test func `each open parcel of a connected carrier has one job, however many look`() async throws {
        try await CompanyBed.with { bed in
            try await plantParcels(bed)
            try await withThrowingTaskGroup { group in
                for _ in 0..<3 { group.addTask { try await look(bed, ["fedex": Silent()]) } }
                try await group.waitForAll()
            }
            try await look(bed, ["fedex": Silent()])
            #expect(try await bed.texts(Self.asked) == ["MOVES", "TROUBLE", "WAITS"])
        }
    }

    @Test func `nobody is asked while no carrier is connected`() async throws {
        try await CompanyBed.with { bed in
            try await plantParcels(bed)
            try await look(bed, [:])
            #expect(try await bed.texts(Self.asked) == [])
        }
    }
}
