import Database
import Foundation
import Jobs
import Testing

@Suite struct EnqueueTests {
    @Test func `each request gets its job, in order`() async throws {
        try await Testbed.with { bed in
            let placed = try await bed.enqueue((0..<50).map { _ in bed.request() })
            #expect(placed.map(\.position) == Array(0..<50))
            #expect(placed.filter(\.isCreated).count == 50)
            #expect(placed.map(\.jobID) == placed.map(\.jobID).sorted())
            #expect(Set(placed.map(\.jobID)).count == 50)
        }
    }

    @Test func `no request is no job`() async throws {
        try await Testbed.with { bed in
            let placed = try await bed.enqueue([])
            #expect(placed.isEmpty)
        }
    }

    @Test func `it is one statement, and one round trip`() async throws {
        try await Testbed.with { bed in
            let requests = (0..<20).map { bed.request(key: "k\($0)") }
            let trips = try await bed.pool.run { session in
                let before = session.roundTrips
                try session.execute(Queue.enqueue(requests, now: bed.now))
                return session.roundTrips - before
            }
            #expect(trips == 1)
        }
    }

    @Test func `it commits and vanishes with the caller's transaction`() async throws {
        try await Testbed.with { bed in
            struct Undo: Error {}
            await #expect(throws: Undo.self) {
                try await bed.pool.transaction { session in
                    try session.execute(Queue.enqueue([bed.request(key: "once")], now: bed.now))
                    throw Undo()
                }
            }
            for table in ["queue.jobs", "queue.ready", "queue.unique_keys"] {
                let rows = try await bed.count(table)
                #expect(rows == 0)
            }
        }
    }

    @Test func `the caller's clock decides what is due`() async throws {
        try await Testbed.with { bed in
            let placed = try await bed.enqueue([
                bed.request(runAt: bed.now), bed.request(runAt: bed.now.addingTimeInterval(0.001)), bed.request(),
            ])
            let places = try await bed.places(of: placed.map(\.jobID))
            #expect(places == [.ready, .scheduled, .ready])
        }
    }

    @Test func `everything that was asked for arrives at the worker`() async throws {
        try await Testbed.with { bed in
            var request = JobRequest(kind: "send_email", payload: JSON(text: #"{"to": "a \"b\" \\ ü {,}"}"#))
            request.priority = JobPriority.interactive
            request.maxAttempts = 7
            request.eventID = UUID()
            request.subject = JobSubject(machine: "invoice", recordID: UUID())
            request.traceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
            try await bed.enqueue([request])
            let job = try #require(try await bed.claim(5, by: try await bed.worker()).first)
            #expect(job.kind == "send_email")
            #expect(job.payload.text == #"{"to": "a \"b\" \\ ü {,}"}"#)
            #expect((job.priority, job.maxAttempts, job.attempt, job.crashes) == (0, 7, 1, 0))
            #expect(
                (job.subject, job.eventID, job.traceParent) == (request.subject, request.eventID, request.traceParent))
        }
    }

    @Test(
        arguments: [
            { $0.kind = "" }, { $0.queue = String(repeating: "q", count: 51) }, { $0.priority = 4 },
            { $0.maxAttempts = 0 },
            { $0.uniqueKey = "" }, { $0.payload = JSON(text: "{") },
        ] as [@Sendable (inout JobRequest) -> Void])
    func `a request that makes no sense is refused and writes nothing`(
        spoil: @Sendable (inout JobRequest) -> Void
    ) async throws {
        try await Testbed.with { bed in
            var wrong = bed.request()
            spoil(&wrong)
            let requests = [bed.request(), wrong]
            await #expect(throws: DatabaseError.self) { try await bed.enqueue(requests) }
            let jobs = try await bed.count("queue.jobs")
            #expect(jobs == 0)
        }
    }

    @Test func `a body cannot be changed, by nobody`() async throws {
        try await Testbed.with { bed in
            try await bed.enqueue([bed.request()])
            await #expect(throws: DatabaseError.self) {
                try await bed.pool.query("UPDATE queue.jobs SET kind = 'other'")
            }
            await #expect(throws: DatabaseError.self) { try await bed.asOwner("UPDATE queue.jobs SET kind = 'other'") }
            await #expect(throws: DatabaseError.self) { try await bed.pool.query("DELETE FROM queue.jobs") }
        }
    }
}

extension Testbed {
    func places(of ids: [JobID]) async throws -> [JobPlace] {
        var places: [JobPlace] = []
        for id in ids { places.append(try #require(try await details(id)).summary.place) }
        return places
    }
}
