import Dispatch
import Foundation
import Synchronization

/// Hashes and checks passwords on a few threads of its own, away from the threads that answer requests.
///
/// Each hash takes 19 MiB and keeps a core busy, so only as many run at once as there are threads, and only so many
/// wait. Source: SEC-02.
public final class PasswordHasher: Sendable {
    /// Too many passwords wait to be hashed; whoever asks should ask again in a moment.
    public struct Busy: Error, Sendable, Hashable {}

    private let lanes: [DispatchQueue]
    /// How many wait or run, by lane.
    private let load: Mutex<[Int]>
    private let limit: Int
    /// Checked in place of the hash of an account that does not exist, for the same work.
    private let decoy: PasswordHash

    /// Makes one; threads are started when they are first needed.
    ///
    /// - Parameters:
    ///   - threads: How many run at once; nil: one for two cores, so that half of them stay free to answer.
    ///   - limit: How many wait or run at most.
    /// - Throws: `PasswordHash.Failure` when not even one hash can be made.
    public init(threads: Int? = nil, limit: Int = 128) throws(PasswordHash.Failure) {
        let threads = threads ?? max(1, ProcessInfo.processInfo.activeProcessorCount / 2)
        lanes = (0..<threads).map { DispatchQueue(label: "drizzl.passwords.\($0)", qos: .utility) }
        load = Mutex(Array(repeating: 0, count: threads))
        self.limit = limit
        decoy = try PasswordHash(of: SecretToken.make())
    }

    /// Hashes a password.
    ///
    /// - Throws: ``Busy``; `PasswordHash.Failure`.
    public func hash(_ password: String) async throws -> PasswordHash {
        try await run { Result { try PasswordHash(of: password) } }.get()
    }

    /// Whether a password is right.
    ///
    /// - Parameters:
    ///   - password: What was typed.
    ///   - hash: What is kept; nil when there is no such account or it has no password, which takes as long.
    /// - Returns: Whether it matches.
    /// - Throws: ``Busy``.
    public func matches(_ password: String, _ hash: PasswordHash?) async throws(Busy) -> Bool {
        let (asked, decoy) = (hash, decoy)
        let isRight = try await run { (asked ?? decoy).matches(password) }
        return asked != nil && isRight
    }

    private func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async throws(Busy) -> Value {
        let free = load.withLock { load -> Int? in
            guard load.reduce(0, +) < limit, let lane = load.indices.min(by: { load[$0] < load[$1] }) else {
                return nil
            }
            load[lane] += 1
            return lane
        }
        guard let lane = free else { throw Busy() }
        return await withCheckedContinuation { continuation in
            lanes[lane].async {
                let value = work()
                self.load.withLock { $0[lane] -= 1 }
                continuation.resume(returning: value)
            }
        }
    }
}
