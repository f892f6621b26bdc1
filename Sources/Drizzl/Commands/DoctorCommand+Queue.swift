import Database
import Foundation
import Jobs

extension DoctorCommand {
    /// Says which keys live jobs need, and which handlers do not stop.
    ///
    /// - Returns: Whether all is well: every key that is needed is here, and every handler stops.
    func lookAtQueue(_ configuration: DatabaseConfiguration, seal: PayloadSeal) async throws -> Bool {
        var configuration = configuration
        (configuration.role, configuration.maximumConnections) = ("drizzl_app", 1)
        let pool = Pool(configuration)
        let (uses, stuck): ([SealingKeyUse], [StuckHandler])
        do {
            (uses, stuck) = try await pool.run { session in
                (
                    try session.query(Queue.sealingKeys()).map { try SealingKeyUse(row: $0) },
                    try session.query(Queue.stuckHandlers()).map { try StuckHandler(row: $0) }
                )
            }
        } catch {
            await pool.close()
            throw error
        }
        await pool.close()
        for line in Self.lines(about: uses, seal) + stuck.map(Self.line(about:)) { print(line) }
        return stuck.isEmpty && uses.allSatisfy { seal.keyIDs.contains($0.keyID) }
    }

    static func lines(about uses: [SealingKeyUse], _ seal: PayloadSeal) -> [String] {
        Set(seal.keyIDs).union(uses.map(\.keyID)).sorted().map { id in
            let jobs = uses.first { $0.keyID == id }?.jobs ?? 0
            let role =
                if id == seal.currentKeyID {
                    "seals"
                } else if !seal.keyIDs.contains(id) {
                    "MISSING: add it to DRIZZL_EARLIER_SECRET_KEYS, or these jobs wait for ever"
                } else {
                    jobs == 0 ? "opens; no job needs it" : "opens; still needed"
                }
            return "key \(id)              \(jobs) live sealed jobs; \(role)"
        }
    }

    private static func line(about stuck: StuckHandler) -> String {
        """
        STUCK HANDLER             \(stuck.kind), job \(stuck.jobID), in \(stuck.worker): should have stopped \
        \(stuck.stuckAt.formatted(.iso8601)), after \(stuck.timeLimit); restart that process
        """
    }
}
