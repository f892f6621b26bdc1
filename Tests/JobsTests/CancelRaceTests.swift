import Database
import Foundation
import Jobs
import Testing

@Suite struct CancelRaceTests {
    /// Who waits for a lock in this database; only the lists that anybody may read whole.
    private static let waiting: SQL = """
        SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid)
        WHERE NOT l.granted AND a.datname = current_database()
        """

    @Test func `a job that is called off while its end is being recorded ends all the same`() async throws {
        try await Testbed.with { bed in
            let worker = try await bed.worker()
            _ = try await bed.enqueue(3)
            let leases = try await bed.claim(3, by: worker).map(\.lease)
            let ends = [
                Queue.complete([leases[0]], notes: [nil]),
                Queue.postpone(leases[1], to: bed.now, because: .failed, reason: "x"),
                Queue.releaseAll(of: worker, reason: "x"),
            ]
            for (lease, end) in zip(leases, ends) {
                let recording = try await bed.pool.run { session in
                    // Marked, and not committed: whoever ends it has to wait.
                    try session.begin(with: [Queue.cancel([lease.jobID], reason: "x")])
                    let recording = Task { try await bed.ids(end) }
                    // Within a transaction the list of connections stays as it was first seen.
                    while try session.pipeline(["SELECT pg_stat_clear_snapshot()", Self.waiting])[1].rows.isEmpty {}
                    try session.commit()
                    return recording
                }
                let ended = try await recording.value
                #expect(ended.contains(lease.jobID))
            }
            #expect(try await bed.count("queue.leases") == 0)
        }
    }
}
