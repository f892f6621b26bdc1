import Database
import Foundation
import Jobs

/// One client: some workers, which now and then are given up and come back as zombies, and whoever else uses a queue.
struct ChaosClient {
    /// A worker that is believed to live, and what it holds.
    struct Hand {
        let worker: WorkerID
        var held: [JobLease] = []
    }

    let bed: ChaosBed
    var dice: Dice
    /// Whether nobody else does anything: then each step comes out as it did before, and is written down.
    let isAlone: Bool
    private(set) var trace: [String] = []
    var hands: [Hand] = []
    /// Leases that are settled, or were lost: whatever is written with them is refused.
    var ghosts: [JobLease] = []
    /// Jobs that were asked for lately.
    var recent: [JobID] = []
    /// Batches that this client has opened and not sealed.
    var batches: [BatchID] = []
    /// Batches that it has sealed.
    var sealed: [BatchID] = []

    init(bed: ChaosBed, dice: Dice, isAlone: Bool) {
        (self.bed, self.dice, self.isAlone) = (bed, dice, isAlone)
    }

    /// What clients do, and how often in a thousand steps.
    private static let weights: [(name: String, weight: Int)] = [
        ("enqueue", 170), ("claim", 220), ("complete", 110), ("complete in a transaction", 70), ("fail", 45),
        ("snooze", 25), ("bury", 25), ("give back", 25), ("start over", 8), ("crash", 35), ("be forgotten", 8),
        ("write as a zombie", 60), ("rescue", 30), ("promote", 60), ("sweep", 45), ("cancel", 20),
        ("cancel by event", 6),
        ("pause", 8), ("resume", 60), ("open a batch", 8), ("seal a batch", 8),
    ]

    /// The names of what clients do.
    static var deeds: [String] { weights.map(\.name) }

    mutating func step(_ number: Int) async throws {
        if hands.count < 3 { try await enter() }
        var roll = Int.random(in: 0..<Self.weights.reduce(0) { $0 + $1.weight }, using: &dice)
        let name =
            Self.weights.first { entry in
                roll -= entry.weight
                return roll < 0
            }?.name ?? "enqueue"
        bed.count(name)
        let result: String
        do {
            result = try await perform(name)
        } catch let error as DatabaseError {
            // A deadlock, or what the schema itself had to refuse.
            return bed.fault("\(name): \(error)")
        }
        if isAlone { trace.append("\(number) \(name): \(result)") }
    }

    private mutating func perform(_ name: String) async throws -> String {
        switch name {
        case "enqueue": return try await enqueue()
        case "claim": return try await claim()
        case "complete": return try await complete()
        case "complete in a transaction": return try await completeInTransaction()
        case "fail": return try await postpone(.failed)
        case "snooze": return try await postpone(Bool.random(using: &dice) ? .snoozed : .unknownKind)
        case "bury": return try await bury()
        case "give back": return try await giveBack()
        case "start over": return try await startOver()
        case "crash": return try await crash()
        case "be forgotten": return try await beForgotten()
        case "write as a zombie": return try await writeAsZombie()
        case "rescue": return try await rescue()
        case "promote": return try await promote()
        case "sweep": return try await sweep()
        case "cancel": return try await cancel()
        case "cancel by event": return try await cancelByEvent()
        case "pause": return try await pause()
        case "resume": return try await resume()
        case "open a batch": return try await openBatch()
        default: return try await sealBatch()
        }
    }

    /// A new worker, whose heartbeat lasts for the length of the test.
    private mutating func enter() async throws {
        let worker = WorkerID(rawValue: .random(in: 1...Int64.max, using: &dice))
        _ = try await bed.rows(
            Queue.register(worker, name: "chaos", queues: ["default"], kinds: [], life: .seconds(36_000)))
        hands.append(Hand(worker: worker))
    }

    // MARK: - What all use

    /// A number below `count`.
    mutating func roll(_ count: Int) -> Int { Int.random(in: 0..<count, using: &dice) }

    /// Some leases of one of the workers, which this client is about to settle.
    mutating func take(_ count: Int) -> [JobLease] {
        guard let index = hands.indices.filter({ !hands[$0].held.isEmpty }).randomElement(using: &dice) else {
            return []
        }
        hands[index].held.shuffle(using: &dice)
        let taken = Array(hands[index].held.prefix(count))
        hands[index].held.removeFirst(taken.count)
        haunt(taken)
        return taken
    }

    /// Keeps leases that must not be accepted any more.
    mutating func haunt(_ leases: [JobLease]) {
        ghosts += leases
        if ghosts.count > 60 { ghosts.removeFirst(ghosts.count - 60) }
    }

    /// Settles leases that are held: all are accepted.
    mutating func settle(_ leases: [JobLease], _ statement: SQL) async throws -> String {
        guard !leases.isEmpty else { return "nothing held" }
        let rows = try await bed.rows(statement, byIndex: true)
        let accepted = try Set(rows.map { JobID(rawValue: try $0.value("job_id")) })
        if accepted != Set(leases.map(\.jobID)) {
            bed.fault(
                "a living worker lost a lease of \(bed.names(leases.map(\.jobID).filter { !accepted.contains($0) }))")
        }
        return try await bed.names(accepted) + follow(QueueFollowUp(rows: rows))
    }

    /// Looks at once at what follows, or leaves it to the sweeps, as a process does that goes away after its commit.
    mutating func follow(_ followUp: QueueFollowUp) async throws -> String {
        guard roll(10) < 7 else { return "" }
        var text = ""
        if !followUp.keys.isEmpty { text += try await " admitted \(moved(Queue.admit(followUp.keys.sorted())))" }
        if !followUp.dependents.isEmpty {
            text += try await " unblocked \(bed.names(bed.ids(Queue.unblock(followUp.dependents.sorted()))))"
        }
        return text
    }

    /// How many jobs a statement has moved that answers with queues.
    func moved(_ statement: SQL) async throws -> Int {
        try await bed.rows(statement).reduce(0) { try $0 + ($1.optional("jobs", as: Int.self) ?? 0) }
    }

    /// Runs a statement again and again while it moves something.
    func exhaust(_ statement: () -> SQL) async throws {
        for _ in 0..<50 {
            if try await bed.rows(statement()).allSatisfy({ try ($0.optional("jobs", as: Int.self) ?? 0) == 0 }) {
                return
            }
        }
    }
}
