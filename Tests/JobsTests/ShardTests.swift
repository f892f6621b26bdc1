import Database
import Foundation
import Jobs
import Testing

@Suite struct ShardTests {
    private func request(_ bed: Testbed, _ tenant: String?, _ kind: String, priority: Int16 = 1) -> JobRequest {
        var request = bed.request(kind, priority: priority)
        request.tenant = tenant
        return request
    }

    /// Two tenants that do not share a shard.
    private let big = "acme"
    private let small = "bolt"

    @Test func `a tenant with ten thousand jobs does not delay another's single job`() async throws {
        try await Testbed.with { bed in
            for _ in 0..<10 { try await bed.enqueue((0..<1_000).map { _ in request(bed, big, "bulk") }) }
            try await bed.enqueue([request(bed, small, "single"), request(bed, nil, "own")])
            let worker = try await bed.worker()
            let jobs = try await bed.claim(6, by: worker)
            #expect(jobs.count == 6)
            #expect(Set(jobs.prefix(3).map(\.kind)) == ["bulk", "single", "own"])
        }
    }

    @Test func `with one place at a time tenants take turns`() async throws {
        try await Testbed.with { bed in
            try await bed.enqueue((0..<50).map { _ in request(bed, big, "bulk") })
            try await bed.enqueue([request(bed, small, "single")])
            let worker = try await bed.worker()
            var kinds: [String] = []
            for turn in 0..<4 {
                let claim = try await bed.pool.run { session in
                    try Queue.take(
                        for: worker, from: "default", floors: ClaimFloors(), count: 1, turn: turn, in: session)
                }
                kinds += claim.jobs.map(\.kind)
            }
            #expect(kinds.count == 4)
            #expect(kinds.prefix(2).contains("single"))
        }
    }

    @Test func `within a tenant the most urgent go first, and no job is claimed twice or left`() async throws {
        try await Testbed.with { bed in
            let requests = (0..<90).map { number in
                request(bed, "t\(number % 9)", "k", priority: Int16(number % 4))
            }
            let ids = try await bed.enqueue(requests).map(\.jobID)
            let worker = try await bed.worker()
            var (floors, claimed, turn): (ClaimFloors, [ClaimedJob], Int) = (ClaimFloors(), [], 0)
            while true {
                let claim = try await bed.pool.run { [floors, turn] session in
                    try Queue.take(for: worker, from: "default", floors: floors, count: 7, turn: turn, in: session)
                }
                if claim.taken == 0 { break }
                floors.advance(over: claim, askedFor: 7, at: .now)
                claimed += claim.jobs
                turn += 1
            }
            #expect(claimed.map(\.id).sorted() == ids)
            for (_, jobs) in Dictionary(grouping: claimed, by: \.shard) {
                let seqs = jobs.filter { $0.priority == 0 }.map(\.seq)
                #expect(seqs == seqs.sorted())
            }
        }
    }

    @Test func `a tenant's shard is the same for ever`() async throws {
        try await Testbed.with { bed in
            let row = try #require(
                try await bed.pool.query(
                    "SELECT queue.shard('acme') AS a, queue.shard('bolt') AS b, queue.shard(NULL) AS n"
                ).first)
            let shards: [Int16] = [try row.value("a"), try row.value("b"), try row.value("n")]
            #expect(Set(shards).count == 3)
            #expect(shards[2] == 0)
            #expect(shards.allSatisfy { (0...15).contains($0) })
        }
    }

    @Test func `the plans walk the key of ready, also with several shards`() async throws {
        try await Testbed.with { bed in
            try await bed.enqueue([request(bed, big, "a"), request(bed, small, "b"), request(bed, nil, "c")])
            try await bed.asOwner("ANALYZE queue.ready")
            let worker = try await bed.worker()
            let claim = Queue.claim(for: worker, from: "default", floors: ClaimFloors(), count: 10)
            let plan = try await bed.pool.run { session in
                let results = try session.pipeline([Queue.plansByIndex, "EXPLAIN (COSTS OFF) \(claim)"])
                return try results[1].rows.map { try $0.value("QUERY PLAN", as: String.self) }.joined(separator: "\n")
            }
            #expect(!plan.contains("Seq Scan on ready"))
            #expect(!plan.contains("Seq Scan on jobs"))
            #expect(!plan.contains("Seq Scan on concurrency_slots"))
        }
    }
}
