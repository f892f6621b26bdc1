import Database
import Foundation
import JobTesting
import TestSupport
import Workers

/// A database with the queue and the tables that the examples write to.
struct Bed: Sendable {
    let pool: Pool

    static func with(_ body: (Bed) async throws -> Void) async throws {
        try await ScratchDatabase.with(migrations: DrizzlProcess.root.appending(path: "migrations")) { url in
            let owner = Pool(DatabaseConfiguration(url: url, maximumConnections: 1))
            let tables: [SQL] = [
                "CREATE TABLE guests (id uuid PRIMARY KEY)",
                "CREATE TABLE greetings (customer uuid, sent_at timestamptz NOT NULL DEFAULT now())",
                "GRANT SELECT, INSERT ON guests, greetings TO drizzl_app",
            ]
            for table in tables { _ = try await owner.query(table) }
            await owner.close()
            let pool = Pool(DatabaseConfiguration(url: url, maximumConnections: 4, role: "drizzl_app"))
            do {
                try await body(Bed(pool: pool))
                await pool.close()
            } catch {
                await pool.close()
                throw error
            }
        }
    }

    func count(_ table: String) async throws -> Int {
        try await pool.query("SELECT count(*) AS n FROM \(unsafeUnescaped: table)").first?.value("n") ?? -1
    }
}
