import Database
import Foundation
import Jobs
import Testing
import Workflows

/// What becomes of a parcel whose carrier is asked (J-21, D-17, R-25).
@Suite struct TrackingTests {
    private static let events: SQL = "SELECT kind AS text FROM temperature_events ORDER BY started_at, kind"

    @Test func `a carrier is asked every quarter of an hour until the parcel has arrived`() async throws {
        try await TrackingBed.with { bed in
            bed.carrier.tell(
                .success(
                    CarrierReport(
                        events: [bed.scan("in_transit", minute: 20), bed.scan("picked_up", minute: 0)],
                        readings: [0, 20, 40].map { bed.reading(-9, minute: $0) })))
            let job = try await bed.job()
            let first = try await bed.asking(job, attempts: 1)
            #expect(first.attempts.map(\.outcome) == ["snoozed"])
            let again = try #require(first.attempts.first?.retryAt)
            #expect(abs(again.timeIntervalSince(bed.queue.now) - 900) < 1)
            let state: SQL = "SELECT status || ' ' || coalesce(current_location, '') AS text FROM shipments"
            #expect(try await bed.texts(state) == ["in_transit at 20"])
            #expect(try await bed.texts(Self.events) == [])
            // While it rests, it is the parcel's only job.
            #expect(try await bed.job() == job)

            bed.carrier.tell(.success(CarrierReport(events: [bed.scan("delivered", minute: 44)])))
            _ = try await bed.queue.pool.query(Queue.promote(now: again, limit: 9))
            let second = try await bed.asking(job, attempts: 2)
            #expect(second.attempts.map(\.outcome) == ["snoozed", "succeeded"])
            #expect(try await bed.texts(state) == ["delivered at 44"])
            #expect(bed.carrier.asked == ["7489", "7489"])
        }
    }

    @Test func `a carrier that does not answer is asked again, and what nobody read is a gap`() async throws {
        try await TrackingBed.with { bed in
            bed.carrier.tell(.failure(.noAnswer("503")))
            let details = try await bed.asking(try await bed.job(), attempts: 1)
            #expect(details.attempts.first?.outcome == "failed")
            #expect(details.attempts.first?.reason == "the carrier did not answer: 503")
            #expect(details.summary.place == .scheduled)
            #expect(try await bed.texts(Self.events) == ["gap"])
        }
    }

    @Test func `a number that the carrier does not know yet is asked for later, and is no failure`() async throws {
        try await TrackingBed.with { bed in
            bed.carrier.tell(.failure(.unknownParcel))
            let details = try await bed.asking(try await bed.job(), attempts: 1)
            #expect(details.attempts.first?.outcome == "snoozed")
            #expect(details.attempts.first?.reason == "the carrier does not know the number")
        }
    }

    @Test func `goods that were too warm on the truck are put on hold`() async throws {
        try await TrackingBed.with { bed in
            bed.carrier.tell(
                .success(CarrierReport(events: [], readings: [5, 20, 40].map { bed.reading(6, minute: $0) })))
            _ = try await bed.asking(try await bed.job(), attempts: 1)
            #expect(try await bed.texts(Self.events) == ["excursion", "warning"])
            #expect(try await bed.texts("SELECT quality_hold::text AS text FROM shipments") == ["true"])
        }
    }

    @Test func `a parcel whose carrier is not connected any more is left alone, and its job says so`() async throws {
        try await TrackingBed.with { bed in
            let job = try await bed.job()
            _ = try await bed.owner.query("UPDATE shipments SET carrier = 'ups'")
            let details = try await bed.asking(job, attempts: 1)
            #expect(details.attempts.map(\.outcome) == ["succeeded"])
            #expect(details.attempts.first?.reason == "the carrier ups is not connected")
            #expect(bed.carrier.asked == [])
        }
    }
}
