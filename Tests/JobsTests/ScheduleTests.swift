import Database
import Foundation
import Jobs
import Testing

@Suite struct ScheduleTests {
    /// 2030-03-17 17:46:40 UTC.
    static let start = Date(timeIntervalSince1970: 1_900_000_000)

    @Test func `a schedule waits for its first moment, fires, and waits for the next`() async throws {
        try await Testbed.with { bed in
            try await bed.declare([Self.schedule("0 18 * * *")])
            let early = try await bed.fire(at: "2030-03-17T17:59:59Z")
            #expect(early.isEmpty)
            let fired = try await bed.fire(at: "2030-03-17T18:00:03Z")
            #expect(fired.count == 1)
            let again = try await bed.fire(at: "2030-03-17T18:00:04Z")
            #expect(again.isEmpty)
            let stored = try #require(try await bed.schedules().first)
            #expect(stored.lastFireAt.map(Moment.text) == "2030-03-17T18:00:00Z")
            #expect(Moment.text(stored.nextFireAt) == "2030-03-18T18:00:00Z")
            #expect(stored.lastJobID == fired.first?.jobID)
        }
    }

    @Test func `the job is what was declared, and knows for which moment it is`() async throws {
        try await Testbed.with { bed in
            var request = JobRequest(kind: "close", payload: JSON(text: #"{"of": "month"}"#), queue: "default")
            request.priority = JobPriority.bulk
            request.maxAttempts = 5
            request.runAt = .distantFuture
            let schedule = try Schedule("close", cron: "0 6 3 * *", in: .gmt, catchUp: .last, enqueues: request)
            try await bed.declare([schedule])
            try await bed.fire(at: "2030-04-03T09:00:00Z")
            let job = try #require(try await bed.claim(5, by: try await bed.worker()).first)
            #expect((job.kind, job.priority, job.maxAttempts) == ("close", JobPriority.bulk, 5))
            #expect(job.payload.text == #"{"of": "month", "scheduled_for": "2030-04-03T06:00:00Z"}"#)
        }
    }

    @Test(
        arguments: [
            (CatchUp.none, []), (.last, ["2030-03-20T18:00:00Z"]),
            (.all, ["2030-03-17T18:00:00Z", "2030-03-18T18:00:00Z", "2030-03-19T18:00:00Z", "2030-03-20T18:00:00Z"]),
        ])
    func `after days in which nobody looked it makes up for what it was told to`(
        catchUp: CatchUp, expected: [String]
    ) async throws {
        try await Testbed.with { bed in
            try await bed.declare([Self.schedule("0 18 * * *", catchUp: catchUp)])
            let fired = try await bed.fire(at: "2030-03-21T12:00:00Z")
            #expect(fired.count == expected.count)
            let moments = try await bed.momentsOfJobs()
            #expect(moments == expected)
            let again = try await bed.fire(at: "2030-03-21T12:00:01Z")
            #expect(again.isEmpty)
            let stored = try #require(try await bed.schedules().first)
            #expect(Moment.text(stored.nextFireAt) == "2030-03-21T18:00:00Z")
        }
    }

    @Test func `one that makes up for nothing still fires when it is a little late`() async throws {
        try await Testbed.with { bed in
            try await bed.declare([Self.schedule("0 * * * *", catchUp: .none)])
            let fired = try await bed.fire(at: "2030-03-17T20:00:59Z")
            #expect(fired.count == 1)
            let late = try await bed.fire(at: "2030-03-17T21:01:01Z")
            #expect(late.isEmpty)
            let stored = try #require(try await bed.schedules().first)
            #expect(stored.lastFireAt.map(Moment.text) == "2030-03-17T20:00:00Z")
            #expect(Moment.text(stored.nextFireAt) == "2030-03-17T22:00:00Z")
        }
    }

    @Test func `a long time is made up for in portions, each moment once`() async throws {
        try await Testbed.with { bed in
            try await bed.declare([Self.schedule("* * * * *", catchUp: .all)])
            var portions: [Int] = []
            while true {
                let fired = try await bed.fire(at: "2030-03-17T22:00:30Z")
                if fired.isEmpty { break }
                portions.append(fired.count)
            }
            #expect(portions == [100, 100, 54])
            let moments = try await bed.momentsOfJobs()
            #expect(moments.count == 254)
            #expect(Set(moments).count == 254)
            #expect((moments.first, moments.last) == ("2030-03-17T17:47:00Z", "2030-03-17T22:00:00Z"))
        }
    }

    @Test func `a unique key holds: while the job before is alive there is no second`() async throws {
        try await Testbed.with { bed in
            let request = bed.request(key: "sweep")
            let schedule = try Schedule("sweep", cron: "* * * * *", in: .gmt, catchUp: .last, enqueues: request)
            try await bed.declare([schedule])
            let first = try await bed.fire(at: "2030-03-17T18:00:00Z")
            let second = try await bed.fire(at: "2030-03-17T18:01:00Z")
            #expect(second.map(\.isCreated) == [false])
            #expect(second.map(\.jobID) == first.map(\.jobID))
            let jobs = try await bed.count("queue.jobs")
            #expect(jobs == 1)
        }
    }

    @Test func `declared again it keeps its next fire, also an overdue one`() async throws {
        try await Testbed.with { bed in
            try await bed.declare([Self.schedule("0 18 * * *")])
            let changed = try await bed.declare([Self.schedule("0 18 * * *")], at: "2030-03-19T12:00:00Z")
            #expect(changed.isEmpty)
            let stored = try #require(try await bed.schedules().first)
            #expect(Moment.text(stored.nextFireAt) == "2030-03-17T18:00:00Z")
        }
    }

    @Test func `a changed expression or zone is armed anew, another job is not`() async throws {
        try await Testbed.with { bed in
            try await bed.declare([Self.schedule("0 18 * * *")])
            let zone = try #require(TimeZone(identifier: "Europe/Berlin"))
            for (schedule, next) in [
                (try Self.schedule("30 18 * * *"), "2030-03-17T18:30:00Z"),
                (try Self.schedule("30 18 * * *", zone: zone), "2030-03-18T17:30:00Z"),
                (try Self.schedule("30 18 * * *", zone: zone, catchUp: .all), "2030-03-18T17:30:00Z"),
                (try Self.schedule("30 18 * * *", zone: zone, catchUp: .all, kind: "other"), "2030-03-18T17:30:00Z"),
            ] {
                let changed = try await bed.declare([schedule], at: "2030-03-17T18:10:00Z")
                #expect(changed == ["daily"])
                let stored = try await bed.schedules()
                #expect(stored.map { Moment.text($0.nextFireAt) } == [next])
            }
        }
    }

    @Test func `one that is no longer declared is gone`() async throws {
        try await Testbed.with { bed in
            let other = try Schedule("other", cron: "@daily", in: .gmt, catchUp: .last, enqueues: bed.request())
            try await bed.declare([Self.schedule("0 18 * * *"), other])
            try await bed.declare([other])
            let names = try await bed.schedules().map(\.name)
            #expect(names == ["other"])
            try await bed.declare([])
            let none = try await bed.schedules()
            #expect(none.isEmpty)
        }
    }

    @Test func `while it is paused it does not fire, and what passed meanwhile is not made up for`() async throws {
        try await Testbed.with { bed in
            try await bed.declare([Self.schedule("0 18 * * *", catchUp: .all)])
            let read = try await bed.due(at: "2030-03-17T18:00:00Z")
            _ = try await bed.pool.query(
                Queue.pauseSchedule("daily", by: OperatorNote(name: "ann", reason: "stocktaking"), now: bed.now))
            let held = try #require(try await bed.schedules().first)
            #expect((held.pausedBy, held.pauseReason) == ("ann", "stocktaking"))
            // Read before it was paused, and fired after.
            let fired = try await bed.fire(read, at: "2030-03-17T18:00:00Z")
            #expect(fired.isEmpty)
            let due = try await bed.due(at: "2030-03-25T00:00:00Z")
            #expect(due.isEmpty)
            // Declared again it stays paused.
            try await bed.declare([Self.schedule("0 17 * * *", catchUp: .all)])
            let later = try Moment.read("2030-03-25T12:00:00Z")
            let isThere = try await bed.pool.transaction { session in
                try Queue.resumeSchedule("daily", now: later, in: session)
            }
            #expect(isThere)
            let stored = try #require(try await bed.schedules().first)
            #expect((stored.pausedAt, Moment.text(stored.nextFireAt)) == (nil, "2030-03-25T17:00:00Z"))
            let isUnknown = try await bed.pool.transaction { session in
                try Queue.resumeSchedule("nightly", now: later, in: session)
            }
            #expect(!isUnknown)
        }
    }

    @Test func `one that this program cannot read says why and stays due`() async throws {
        try await Testbed.with { bed in
            try await bed.declare([Self.schedule("0 18 * * *")])
            try await bed.asOwner("UPDATE queue.schedules SET expression = '0 18 L * *'")
            let due = try await bed.due(at: "2030-03-18T00:00:00Z")
            let error = await #expect(throws: UnreadableSchedule.self) {
                try await bed.fire(due, at: "2030-03-18T00:00:00Z")
            }
            #expect(error?.description.contains("\"daily\" cannot be fired: the cron expression") == true)
            let still = try await bed.due(at: "2030-03-18T00:00:00Z")
            #expect(still.count == 1)
        }
    }

    @Test func `many who find it due at once fire it once`() async throws {
        try await Testbed.with(connections: 6) { bed in
            try await bed.declare([Self.schedule("* * * * *", catchUp: .all)])
            let fired = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        var fired = 0
                        while true {
                            let due = try await bed.due(at: "2030-03-17T23:00:00Z")
                            if due.isEmpty { return fired }
                            fired += try await bed.fire(due, at: "2030-03-17T23:00:00Z").count
                        }
                    }
                }
                return try await group.reduce(0, +)
            }
            let moments = try await bed.momentsOfJobs()
            // From 17:47 to 23:00.
            #expect((fired, moments.count, Set(moments).count) == (314, 314, 314))
        }
    }

    @Test func `who dies between the move and the commit has fired nothing, and the next one fires it`() async throws {
        try await Testbed.with { bed in
            try await bed.declare([Self.schedule("0 18 * * *")])
            let due = try await bed.due(at: "2030-03-17T18:00:00Z")
            let now = try Moment.read("2030-03-17T18:00:00Z")
            await #expect(throws: DatabaseError.self) {
                try await bed.pool.transaction { session in
                    let pid: Int32? = try session.first("SELECT pg_backend_pid() AS pid")?.value("pid")
                    let placed = try Queue.fire(try #require(due.first), now: now, in: session)
                    #expect(placed?.count == 1)
                    // The server is told as by a kill of the process: it never hears of a commit.
                    try session.execute("SELECT pg_terminate_backend(\(try #require(pid)))")
                }
            }
            let jobs = try await bed.count("queue.jobs")
            #expect(jobs == 0)
            let fired = try await bed.fire(at: "2030-03-17T18:00:05Z")
            #expect(fired.count == 1)
        }
    }

    static func schedule(
        _ cron: String, zone: TimeZone = .gmt, catchUp: CatchUp = .last, kind: String = "noop"
    ) throws -> Schedule {
        try Schedule(
            "daily", cron: cron, in: zone, catchUp: catchUp,
            enqueues: JobRequest(kind: kind, payload: JSON(text: "{}")))
    }
}

extension Testbed {
    @discardableResult
    func declare(_ schedules: [Schedule], at moment: String? = nil) async throws -> [String] {
        let now = try moment.map(Moment.read) ?? now
        return try await pool.query(Queue.declare(schedules, now: now)).map { try $0.value("name") }
    }

    func schedules() async throws -> [StoredSchedule] {
        try await pool.query(Queue.schedules()).map { try StoredSchedule(row: $0) }
    }

    func due(at moment: String) async throws -> [StoredSchedule] {
        try await pool.query(Queue.dueSchedules(at: try Moment.read(moment))).map { try StoredSchedule(row: $0) }
    }

    /// Fires what was read as due.
    @discardableResult
    func fire(_ due: [StoredSchedule], at moment: String) async throws -> [JobPlacement] {
        let now = try Moment.read(moment)
        var placed: [JobPlacement] = []
        for schedule in due {
            placed += try await pool.transaction { session in try Queue.fire(schedule, now: now, in: session) } ?? []
        }
        return placed
    }

    @discardableResult
    func fire(at moment: String) async throws -> [JobPlacement] {
        try await fire(try await due(at: moment), at: moment)
    }

    /// For which moments there are jobs, in the order of the jobs.
    func momentsOfJobs() async throws -> [String] {
        try await pool.query("SELECT payload->>'scheduled_for' AS moment FROM queue.jobs ORDER BY id").map {
            try $0.value("moment")
        }
    }
}
