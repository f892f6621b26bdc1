import Database
import Foundation
import Jobs
import Telemetry
import TestSupport
import Testing

@Suite struct TraceTests {
    private let trace = "0af7651916cd43dd8448eb211c80319c"

    @Test func `a request's trace reaches its events, their jobs and the log`() async throws {
        try await House.with { house async throws in
            let header = "00-\(trace)-b7ad6b7169203331-01"
            #expect(try await house.post(House.payment(384_500), headers: ["traceparent": header]).status == 200)
            let kept = try await traces(of: house)
            #expect(!kept.isEmpty)
            #expect(kept.allSatisfy { TraceContext($0)?.traceID == trace && $0 != header })
            try await eventually("the log names the trace") {
                house.log.all.contains { $0.contains("request") && $0.contains(trace) }
            }
        }
    }

    @Test(arguments: ["none", "00-00000000000000000000000000000000-b7ad6b7169203331-01"])
    func `a request that names no trace begins one`(header: String) async throws {
        try await House.with { house async throws in
            #expect(try await house.post(House.payment(384_500), headers: ["traceparent": header]).status == 200)
            let kept = try await traces(of: house).map { TraceContext($0)?.traceID }
            #expect(Set(kept).count == 1)
            #expect(kept.first??.isEmpty == false)
        }
    }

    /// The traces of the last move's events and of the jobs that they caused.
    private func traces(of house: House) async throws -> [String] {
        try await house.pool.query(
            """
            WITH last AS (SELECT command_id FROM workflow_events ORDER BY id DESC LIMIT 1),
                 events AS (SELECT e.id, e.trace_parent FROM workflow_events e JOIN last USING (command_id))
            SELECT coalesce(trace_parent, 'none') AS trace FROM events
            UNION ALL
            SELECT coalesce(j.trace_parent, 'none') FROM queue.jobs j JOIN events e ON e.id = j.event_id
            """
        ).map { try $0.value("trace") }
    }
}
