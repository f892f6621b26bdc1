import Database
import Foundation
import StateMachines
import Testing
import Workflows

/// Many at once, at random, with cut connections; what they leave is judged by the validator.
@Suite("many tasks at once", .serialized)
struct FuzzTests {
    /// The seed: given, to see again what was seen, or another each time.
    private static let seed =
        ProcessInfo.processInfo.environment["DRIZZL_FUZZ_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 1...999_999)

    @Test("leave nothing but what the files allow, and nobody is told of a deadlock")
    func fuzz() async throws {
        print("The seed is \(Self.seed); DRIZZL_FUZZ_SEED=\(Self.seed) makes the same choices.")
        try await MatrixBed.with(connections: 10) { bed in
            let world = try await FuzzWorld.plant(groups: 6, on: bed)
            let log = FuzzLog(start: MatrixBed.start, lasting: .seconds(12))
            // One connection, which spares itself; of two each might cut the other.
            let cutter = Pool(DatabaseConfiguration(url: bed.url, maximumConnections: 1))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<6 {
                    group.addTask {
                        var task = FuzzTask(world, log, seed: Self.seed &+ UInt64(number))
                        try await task.command(cutting: cutter)
                    }
                }
                for number in 6..<9 {
                    group.addTask {
                        var task = FuzzTask(world, log, seed: Self.seed &+ UInt64(number))
                        try await task.fire()
                    }
                }
                group.addTask {
                    var task = FuzzTask(world, log, seed: Self.seed &+ 9)
                    try await task.runLater()
                }
                try await group.waitForAll()
            }
            await cutter.close()
            let seen = log.result
            // Connections of its own: the last cut may show only when the connection is used again.
            let judge = Pool(DatabaseConfiguration(url: bed.url, maximumConnections: 2, role: "drizzl_app"))
            let report = try await TraceValidator(bed.words).judge(judge)
            let answered = try await Self.commands(seen.answers.keys.map(\.self), judge)
            let dry = try await Self.commands(seen.dry, judge)
            await judge.close()
            print(
                """
                \(seen.done) done, \(seen.already) already, \(seen.refused) refused, \(seen.fired) timers, \
                \(seen.later) later reactions, \(seen.cut) cut
                \(report.text)
                """)
            #expect(Set(seen.faults) == [])
            #expect(report.violations.map(\.sentence) == [])
            // Nothing was lost that was answered, and nothing stayed of what was taken back.
            #expect(answered == seen.answers.count)
            #expect(dry == 0)
            #expect(seen.done > 50)
            #expect(seen.refused > 50)
            #expect(seen.fired > 10)
            #expect(seen.cut > 0)
        }
    }

    @Test("with one command id make one event, and with fifty ids a chain without a gap", arguments: MatrixBed.machines)
    func parallel(machine: String) async throws {
        try await MatrixBed.with(connections: 16) { bed in
            let file = try bed.machine(machine)
            let staying = file.moves.first { move in
                if case .same = move.target { true } else { false }
            }
            let made = Command(
                id: UUID(), machine: machine, record: UUID.v7(), move: "create",
                inputs: ["at": .string("\(MatrixBed.start.timeIntervalSince1970)")],
                actor: bed.actor(file.create.who[0].text))
            let receipts = try await Self.all(Array(repeating: made, count: 50), bed)
            #expect(Set(receipts).count == 1)
            #expect(try await bed.standing(of: machine, made.record).seq == 1)
            guard let move = staying else { return }
            let from = move.from[0].text
            // Its first state may be another than the initial one.
            if try await bed.standing(of: machine, made.record).state != from {
                try await bed.repair(machine, made.record, to: from, at: MatrixBed.start)
            }
            let before = try await bed.standing(of: machine, made.record).seq
            let one = Command(
                id: UUID(), machine: machine, record: made.record, move: move.name.text,
                inputs: bed.inputs(for: move), actor: bed.actor(move.who[0].text))
            #expect(Set(try await Self.all(Array(repeating: one, count: 50), bed)).count == 1)
            #expect(try await bed.standing(of: machine, made.record).seq == before + 1)
            let many = (0..<50).map { _ in
                var command = one
                command.id = UUID()
                return command
            }
            #expect(Set(try await Self.all(many, bed).map(\.seq)) == Set((before + 2)...(before + 51)))
            #expect(try await TraceValidator(bed.words).judge(bed.pool).violations == [])
        }
    }

    private static func all(_ commands: [Command], _ bed: MatrixBed) async throws -> [Receipt] {
        try await withThrowingTaskGroup(of: Receipt.self) { group in
            for command in commands {
                group.addTask { try await bed.done(bed.engine.perform(command, now: MatrixBed.start)) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    private static func commands(_ ids: [UUID], _ pool: Pool) async throws -> Int? {
        let rows = try await pool.query("SELECT count(*) AS rows FROM workflow_commands WHERE id = ANY(\(ids))")
        return try rows.first?.value("rows", as: Int.self)
    }
}
