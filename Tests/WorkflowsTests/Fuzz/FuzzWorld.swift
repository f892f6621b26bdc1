import Database
import Foundation
import StateMachines
import Workflows

/// Numbers that are the same for the same seed (SplitMix64).
struct SeededNumbers: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// Whether something that happens once in so many times happens now.
    mutating func happens(oneIn count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }
}

/// Groups of records of every machine, linked so that every reaction has somebody to reach.
///
/// Each group is one deal with all that hangs on it; two groups share a partner and what has a lock of its own.
struct FuzzWorld: Sendable {
    struct Place: Sendable {
        var machine: Machine
        var record: UUID
    }

    let bed: MatrixBed
    let places: [Place]

    static func plant(groups: Int, on bed: MatrixBed) async throws -> FuzzWorld {
        var places: [Place] = []
        var records: [[String: UUID]] = Array(repeating: [:], count: groups)
        for machine in bed.files.machines {
            let name = machine.name.text
            for group in 0..<groups {
                if machine.locksWith == nil, group % 2 == 1 {
                    records[group][name] = records[group - 1][name]
                    continue
                }
                let record = try await bed.record(of: name, in: machine.initial.text)
                records[group][name] = record
                places.append(Place(machine: machine, record: record))
            }
        }
        let world = FuzzWorld(bed: bed, places: places)
        try await world.lock(records)
        try await world.link(records)
        return world
    }

    /// The records of an aggregate share its lock.
    private func lock(_ records: [[String: UUID]]) async throws {
        for group in records {
            for aggregate in bed.files.vocabulary.locks.map(\.text) {
                let members = bed.files.machines.filter { $0.locksWith.map { $0 == aggregate } ?? false }
                guard !members.isEmpty else { continue }
                let id = UUID()
                _ = try await bed.pool.query("INSERT INTO paper_locks (id) VALUES (\(id))")
                for record in members.compactMap({ group[$0.name.text] }) {
                    _ = try await bed.pool.query("INSERT INTO paper_members (record, lock) VALUES (\(record), \(id))")
                }
            }
        }
    }

    private func link(_ records: [[String: UUID]]) async throws {
        for target in bed.files.machines {
            let finding = target.reactions.filter { $0.find != nil }
            let sources = Set(finding.flatMap(\.when).map(\.machine.text))
            for group in records {
                guard let reached = group[target.name.text] else { continue }
                for source in sources {
                    guard let record = group[source], record != reached else { continue }
                    try await bed.link(record, to: reached, of: target.name.text)
                }
            }
        }
    }
}
