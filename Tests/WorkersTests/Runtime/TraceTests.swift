import Database
import Foundation
import Jobs
import Logging
import Telemetry
import TestSupport
import Testing
import Workers

@Suite struct TraceTests {
    private let header = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    @Test(.timeLimit(.minutes(10)))
    func `what a handler enqueues goes on in the trace of its job, and its log names it`() async throws {
        try await RuntimeTestbed.with { bed in
            let named = Gate()
            let handler = Doing { context in
                guard "\(context.logger[metadataKey: "trace"] ?? "")" == "0af7651916cd43dd8448eb211c80319c" else {
                    return
                }
                named.open()
                try await context.transaction { session in
                    try session.execute(
                        Queue.enqueue([JobRequest(kind: "next", payload: JSON(text: "{}"))], now: bed.now))
                }
            }
            let request = JobRequest(kind: "do", payload: JSON(text: #"{"n": 1}"#), traceParent: header)
            let row = try #require(try await bed.pool.query(Queue.enqueue([request], now: bed.now)).first)
            let id = try JobPlacement(row: row).jobID
            try await bed.working([handler]) {
                let done = try await bed.until(id) { $0.summary.place == .finished }
                #expect(done.traceParent == header)
            }
            #expect(named.count == 1)
            let kept = try await bed.pool.query("SELECT trace_parent FROM queue.jobs WHERE kind = 'next'")
            let text = try kept.first?.value("trace_parent", as: String.self)
            let next = try #require(text.flatMap { TraceContext($0) })
            #expect(next.traceID == "0af7651916cd43dd8448eb211c80319c")
            #expect(next.spanID != "b7ad6b7169203331")
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `a job without a trace, or with something else in its place, begins one`() async throws {
        try await RuntimeTestbed.with { bed in
            let traced = Gate()
            let handler = Doing { _ in if TraceContext.current != nil { traced.open() } }
            let requests = [nil, "none"].map { trace in
                JobRequest(kind: "do", payload: JSON(text: #"{"n": 1}"#), traceParent: trace)
            }
            _ = try await bed.pool.query(Queue.enqueue(requests, now: bed.now))
            try await bed.working([handler]) { await traced.opened(times: 2) }
        }
    }
}
