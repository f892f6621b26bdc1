import Database
import Foundation
import StateMachines
import Synchronization
import Testing
import Workflows

/// What all tasks of a run share: the clock, and what has been seen.
final class FuzzLog: Sendable {
    struct Seen: Sendable {
        var done = 0
        var already = 0
        var refused = 0
        var cut = 0
        var fired = 0
        var later = 0
        /// Commands that were taken back, so that nothing of them may be there.
        var dry: [UUID] = []
        /// Answers by command: whoever asks again gets the same.
        var answers: [UUID: Receipt] = [:]
        /// What must not happen.
        var faults: [String] = []
    }

    private let seen = Mutex(Seen())
    private let clock: Mutex<Date>
    let deadline: ContinuousClock.Instant

    init(start: Date, lasting: Duration) {
        clock = Mutex(start)
        deadline = ContinuousClock.now + lasting
    }

    var isOver: Bool { ContinuousClock.now >= deadline }
    var now: Date { clock.withLock { $0 } }
    func advance(by seconds: TimeInterval) { clock.withLock { $0 += seconds } }
    func note(_ change: (inout Seen) -> Void) { seen.withLock { change(&$0) } }
    var result: Seen { seen.withLock { $0 } }

    /// Keeps an answer, or finds that it is another than the one before.
    func note(_ receipt: Receipt, to command: Command) {
        note { seen in
            if command.isDryRun {
                seen.dry.append(command.id)
            } else if let before = seen.answers[command.id] {
                // A stored answer keeps its times to the second alone, so times are not compared.
                let isSame = before.events == receipt.events && before.seq == receipt.seq
                if !isSame { seen.faults.append("\(command.move) was answered in two ways") }
            } else {
                seen.answers[command.id] = receipt
                if receipt.result == .done { seen.done += 1 } else { seen.already += 1 }
            }
        }
    }
}

/// One of the tasks that work at once; what it chooses depends on its numbers alone.
struct FuzzTask: Sendable {
    let world: FuzzWorld
    let log: FuzzLog
    var numbers: SeededNumbers
    private var recent: [Command] = []

    init(_ world: FuzzWorld, _ log: FuzzLog, seed: UInt64) {
        (self.world, self.log, self.numbers) = (world, log, SeededNumbers(seed: seed))
    }

    private var bed: MatrixBed { world.bed }

    /// Gives commands until the time is over, and stirs everything now and then.
    mutating func command(cutting pool: Pool) async throws {
        while !log.isOver {
            if numbers.happens(oneIn: 15) { log.advance(by: Double.random(in: 0...200_000, using: &numbers)) }
            if numbers.happens(oneIn: 20) { stir() }
            if numbers.happens(oneIn: 25) { try await cut(pool) }
            let command = next()
            if numbers.happens(oneIn: 10) {
                async let first: Void = send(command)
                async let second: Void = send(command)
                _ = try await (first, second)
            } else {
                try await send(command)
            }
        }
    }

    /// Fires what is due until the time is over.
    mutating func fire() async throws {
        while !log.isOver {
            let rows = try await surviving { try await bed.pool.query(DueTimer.due(at: log.now, limit: 5)) } ?? []
            for row in rows {
                let timer = try DueTimer(row)
                _ = try await surviving { try await bed.engine.fire(timer, now: log.now) }
                log.note { $0.fired += 1 }
            }
            await Task.yield()
        }
    }

    /// Runs reactions that were left to a job, each as often as it comes up, until the time is over.
    mutating func runLater() async throws {
        while !log.isOver {
            let kind = LaterReaction.kind
            let rows = try await surviving {
                try await bed.pool.query(
                    "SELECT payload FROM queue.jobs WHERE kind = \(kind) ORDER BY id DESC LIMIT 3")
            }
            for row in rows ?? [] {
                let payload = Data(try row.value("payload", as: JSON.self).text.utf8)
                let later = try JSONDecoder().decode(LaterReaction.self, from: payload)
                do {
                    _ = try await surviving { try await bed.engine.run(later, now: log.now) }
                    log.note { $0.later += 1 }
                } catch is Refusal {
                    continue
                }
            }
            await Task.yield()
        }
    }

    private mutating func next() -> Command {
        if numbers.happens(oneIn: 8), let again = recent.randomElement(using: &numbers) { return again }
        let place = world.places[Int.random(in: 0..<world.places.count, using: &numbers)]
        let moves = place.machine.moves
        let move =
            numbers.happens(oneIn: 30) ? place.machine.create : moves[Int.random(in: 0..<moves.count, using: &numbers)]
        let isNew = move.kind == .create
        let roles = bed.files.vocabulary.roles.map(\.name.text)
        let role = numbers.happens(oneIn: 20) ? roles.randomElement(using: &numbers) : nil
        let who = role ?? move.who.randomElement(using: &numbers)?.text ?? "admin"
        let at: JSONValue = .string("\(log.now.timeIntervalSince1970)")
        let command = Command(
            id: UUID(), machine: place.machine.name.text, record: isNew ? UUID.v7() : place.record,
            move: move.name.text, inputs: isNew ? ["at": at] : bed.inputs(for: move), actor: bed.actor(who),
            expectedSeq: numbers.happens(oneIn: 12) ? Int.random(in: 1...20, using: &numbers) : nil,
            isDryRun: numbers.happens(oneIn: 15))
        recent.append(command)
        if recent.count > 20 { recent.removeFirst() }
        return command
    }

    /// Asks until there is an answer, as a client does whose line was cut.
    private func send(_ command: Command) async throws {
        guard let outcome = try await surviving({ try await bed.engine.perform(command, now: log.now) }) else { return }
        switch outcome {
        case .done(let receipt): log.note(receipt, to: command)
        case .refused(let refusal):
            log.note { seen in
                seen.refused += 1
                if seen.answers[command.id] != nil { seen.faults.append("\(command.move) was done and then refused") }
                if refusal.reasons.isEmpty { seen.faults.append("\(command.move) was refused without a reason") }
            }
        }
    }

    /// Does it again when the connection was cut; anything else that goes wrong is a fault.
    private func surviving<T>(_ body: () async throws -> T) async throws -> T? {
        while !log.isOver {
            do {
                return try await body()
            } catch let error as DatabaseError where error.kind == .connection {
                log.note { $0.cut += 1 }
            } catch let error as DatabaseError {
                log.note { $0.faults.append("\(error.kind) \(error.sqlState ?? ""): \(error.message)") }
                return nil
            } catch let fault as DecisionFault {
                log.note { $0.faults.append("\(fault)") }
                return nil
            }
        }
        return nil
    }

    /// Other guards are false from now on, and other factories make records.
    private mutating func stir() {
        let holds = Set(bed.files.machines.flatMap(\.states).flatMap(\.holds).map(\.text))
        // What must hold in a state would be a defect of the code, not a refusal.
        let guards = Set(bed.files.machines.flatMap(\.guardWords).map(\.text)).subtracting(holds).sorted()
        let factories = Set(bed.files.machines.flatMap(\.reactions).compactMap(\.create?.text)).sorted()
        let falseGuards = Set(guards.filter { _ in numbers.happens(oneIn: 6) })
        let making = Set(factories.filter { _ in numbers.happens(oneIn: 3) })
        bed.switches.change { ($0.falseGuards, $0.making) = (falseGuards, making) }
    }

    /// Cuts a connection of the engine's, whatever it is at.
    private func cut(_ pool: Pool) async throws {
        _ = try await pool.query(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
            ORDER BY random() LIMIT 1
            """)
    }
}
