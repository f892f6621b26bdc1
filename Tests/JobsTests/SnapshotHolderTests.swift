import Database
import Foundation
import Jobs
import Testing

@Suite struct SnapshotHolderTests {
    @Test func `whoever holds a transaction open is named with pid, query and age`() async throws {
        try await Testbed.with { bed in
            try await bed.holding("SELECT count(*) AS a_long_report, pg_current_xact_id() FROM queue.jobs") {
                let holders = try await bed.pool.query(Queue.snapshotHolders(limit: 1_000)).map {
                    try SnapshotHolder(row: $0)
                }
                let holder = try #require(holders.first { $0.query?.contains("a_long_report") == true })
                #expect(holder.kind == "session")
                #expect(holder.pid != nil)
                #expect(holder.state == "idle in transaction")
                #expect((holder.age ?? .seconds(-1)) >= .zero)
                // The one that goes back furthest comes first.
                #expect(holders.map(\.transactions) == holders.map(\.transactions).sorted(by: >))
            }
        }
    }
}
