internal import Synchronization
internal import Workers

/// Where the process dies while jobs are drained, by a seed: the same seed, the same deaths.
///
/// A death comes before a handler runs, in its transaction, after its commit or after it has ended, and nothing of it is
/// recorded, as if the machine had lost its power. The job runs again; a handler that is safe to repeat leaves the same
/// behind.
public struct CrashPlan: Sendable, Hashable, CustomStringConvertible {
    /// What all chance is made from.
    public let seed: UInt64
    /// How likely a death is at each point, from 0 to 1.
    public let chance: Double
    /// How often one job takes the process with it at most; at its third time a job is dead as `worker_lost`.
    public let perJob: Int

    /// Makes a plan.
    ///
    /// - Parameters:
    ///   - seed: What all chance is made from.
    ///   - chance: How likely a death is at each point.
    ///   - perJob: How often one job takes the process with it at most.
    public init(seed: UInt64, chance: Double = 0.4, perJob: Int = 2) {
        (self.seed, self.chance, self.perJob) = (seed, chance, perJob)
    }

    /// The seed, to run the same again.
    public var description: String { "CrashPlan(seed: \(seed), chance: \(chance), perJob: \(perJob))" }
}

/// The process died, as it were.
struct Crash: Error {
    let point: CrashPoint
}

/// A plan while it is carried out.
final class CrashPlanInForce: Sendable {
    private struct State {
        var generator: SplitMix64
        var crashes: [Int64: Int] = [:]
    }

    private let plan: CrashPlan
    private let state: Mutex<State>

    init(_ plan: CrashPlan) {
        self.plan = plan
        state = Mutex(State(generator: SplitMix64(state: plan.seed)))
    }

    /// Lets a job pass a point, or ends the process.
    func pass(_ point: CrashPoint, job: Int64) throws(Crash) {
        let dies = state.withLock { state in
            // Drawn in any case, so that what one job has used up does not shift the chances of the others.
            let draw = Double.random(in: 0..<1, using: &state.generator)
            guard draw < plan.chance, state.crashes[job, default: 0] < plan.perJob else { return false }
            state.crashes[job, default: 0] += 1
            return true
        }
        if dies { throw Crash(point: point) }
    }
}

/// Steele, Lea and Flood's generator: small, and the same on every machine.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
