import Database
import Foundation
import TestSupport
import Testing

@Suite struct MigratorTests {
    /// A folder of migrations and an empty database, for the length of one test.
    private func withFolder(
        _ files: [String: String], _ body: (URL, DatabaseConfiguration) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files { try write(text, name, folder) }
        try await ScratchDatabase.with { url in
            try await body(folder, DatabaseConfiguration(url: url, role: "pg_monitor"))
        }
    }

    private func write(_ text: String, _ name: String, _ folder: URL) throws {
        try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }

    private func faults(_ body: () async throws -> some Any) async -> [String] {
        do {
            _ = try await body()
        } catch MigrationError.invalid(let faults) {
            return faults
        } catch {
            Issue.record(error)
        }
        return []
    }

    private let two = [
        "0001_create_t.sql": "CREATE TABLE t (n int8);\n-- a comment\nINSERT INTO t VALUES (1);",
        "0002_fill_t.sql": "INSERT INTO t VALUES (2);", "schema.sql": "left alone",
    ]

    @Test func `migrations are applied once, in order, with the login's own rights`() async throws {
        try await withFolder(two) { folder, configuration in
            let migrator = Migrator(directory: folder)
            #expect(try await migrator.pending(configuration) == ["0001_create_t", "0002_fill_t"])
            #expect(try await migrator.migrate(configuration) == ["0001_create_t", "0002_fill_t"])
            #expect(try await migrator.migrate(configuration) == [])
            #expect(try await migrator.pending(configuration) == [])
            try write("INSERT INTO t VALUES (3)", "0003_more.sql", folder)
            #expect(try await migrator.migrate(configuration) == ["0003_more"])
        }
    }

    @Test func `processes that migrate at once take turns`() async throws {
        let many = (1...8).map { ("000\($0)_step.sql", "CREATE TABLE t\($0) (n int8);") }
        try await withFolder(Dictionary(uniqueKeysWithValues: many)) { folder, configuration in
            let migrator = Migrator(directory: folder)
            let applied = try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<4 { group.addTask { try await migrator.migrate(configuration) } }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(applied.sorted() == many.map { String($0.0.dropLast(4)) })
        }
    }

    @Test func `all disagreements of files and history are listed at once`() async throws {
        try await withFolder(two) { folder, configuration in
            let migrator = Migrator(directory: folder)
            try write("SELECT 1", "0003_gone.sql", folder)
            try await migrator.migrate(configuration)
            try FileManager.default.removeItem(at: folder.appendingPathComponent("0003_gone.sql"))
            try write("CREATE TABLE t (n int4);", "0001_create_t.sql", folder)
            try FileManager.default.moveItem(
                at: folder.appendingPathComponent("0002_fill_t.sql"),
                to: folder.appendingPathComponent("0002_other.sql"))
            let found = await faults { try await migrator.migrate(configuration) }
            #expect(found.count == 3)
            #expect(found.contains { $0.hasPrefix("0001_create_t was changed") })
            #expect(found.contains { $0.hasPrefix("0002_other was applied under the name 0002_fill_t") })
            #expect(found.contains { $0.hasPrefix("0003_gone is applied but has no file") })
            #expect(await faults { try await migrator.pending(configuration) }.count == 3)
        }
    }

    @Test func `gaps, doubles and wrong names are refused before anything is done`() async throws {
        let files = ["0001_a.sql": "", "0003_b.sql": "", "3_c.sql": "", "0004_Üb.sql": ""]
        try await withFolder(files) { folder, configuration in
            let found = await faults { try await Migrator(directory: folder).migrate(configuration) }
            #expect(found.count == 3)
            #expect(found.contains { $0.hasPrefix("0003_b should be number 0002") })
        }
    }

    @Test func `a migration that fails is named with its line and leaves nothing`() async throws {
        try await withFolder([
            "0001_good.sql": "CREATE TABLE good (n int8);",
            "0002_bad.sql": "CREATE TABLE half (n int8);\n\nSELECT nonsense;",
        ]) { folder, configuration in
            await #expect {
                try await Migrator(directory: folder).migrate(configuration)
            } throws: { error in
                "\(error)" == "migration 0002_bad, line 3: column \"nonsense\" does not exist"
            }
            #expect(try await Migrator(directory: folder).pending(configuration) == ["0002_bad"])
            let pool = Pool(configuration)
            let row = try await pool.query("SELECT to_regclass('half') IS NULL AS gone").first
            #expect(try row?.value("gone") == true)
            await pool.close()
        }
    }

    @Test func `a migration that commits by itself is refused`() async throws {
        try await withFolder(["0001_a.sql": "CREATE TABLE a (n int8); COMMIT;"]) { folder, configuration in
            let found = await faults { try await Migrator(directory: folder).migrate(configuration) }
            #expect(found == ["0001_a ends its transaction itself; take out its COMMIT"])
        }
    }

    @Test func `a scratch database is copied from a migrated template`() async throws {
        try await withFolder(two) { folder, _ in
            for _ in 0..<2 {
                try await ScratchDatabase.with(migrations: folder) { url in
                    let pool = Pool(DatabaseConfiguration(url: url))
                    let rows = try await pool.query("SELECT n FROM t ORDER BY n")
                    #expect(try rows.map { try $0.value("n", as: Int.self) } == [1, 2])
                    await pool.close()
                }
            }
        }
    }
}
