import Database
import Foundation
import Jobs

/// How fast jobs get into the queue.
struct Enqueuing {
    let ground: Ground
    let settings: BenchSettings

    /// Each job in a transaction of its own, from several tasks at once.
    func oneByOne() async throws -> Measure {
        var measure = Measure("enqueue_\(settings.clients)", "jobs/s")
        let limit = Queue.enqueue([settings.request(1)], now: ground.now()).script(
            "ARRAY['bench']", "ARRAY['\(settings.payload(1))']", "ARRAY['default']", "ARRAY[1]", "ARRAY[NULL]",
            "ARRAY[NULL]", "ARRAY[20]", "ARRAY[NULL]", "ARRAY[NULL]", "ARRAY[NULL]", "ARRAY[NULL]", "now()", "now()")
        let each = settings.jobs / 20 / settings.clients
        for _ in 0..<settings.rounds {
            try await ground.clear()
            measure.product.append(
                try await ground.rate(of: each * settings.clients, into: &measure) {
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for client in 0..<settings.clients {
                            group.addTask {
                                for n in 0..<each {
                                    _ = try await ground.pool.query(
                                        Queue.enqueue([settings.request(client * each + n)], now: ground.now()))
                                }
                            }
                        }
                        try await group.waitForAll()
                    }
                })
            try await ground.clear()
            measure.limit.append(
                try Limit(url: ground.url).run(limit + ";", clients: settings.clients, transactions: each).rate)
        }
        return measure
    }

    /// Twenty thousand in one call.
    func bulk() async throws -> Measure {
        let count = 20_000
        var measure = Measure("bulk_enqueue", "jobs/s")
        let requests = (0..<count).map(settings.request)
        let column = { (value: String) in "array_fill(\(value), ARRAY[\(count)])" }
        let limit = Queue.enqueue([settings.request(1)], now: ground.now()).script(
            column("'bench'::text"), column("'\(settings.payload(1))'::jsonb"), column("'default'::text"),
            column("1::smallint"), column("NULL::timestamptz"), column("NULL::text"), column("20"),
            column("NULL::uuid"), column("NULL::text"), column("NULL::uuid"), column("NULL::text"), "now()", "now()")
        for _ in 0..<settings.rounds {
            try await ground.clear()
            measure.product.append(
                try await ground.rate(of: count, into: &measure) {
                    _ = try await ground.pool.query(Queue.enqueue(requests, now: ground.now()))
                })
            try await ground.clear()
            let run = try Limit(url: ground.url).run(limit + ";", transactions: 1)
            measure.limit.append(run.rate * Double(count))
        }
        return measure
    }
}
