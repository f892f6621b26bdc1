internal import Database
internal import Foundation

/// Migrated databases to copy from, one for each state of the migrations.
actor Templates {
    static let shared = Templates()

    private var known: [URL: Task<String, any Error>] = [:]

    /// Finds the template's name; the first to ask in this process makes sure that it exists.
    func template(_ migrations: URL, _ server: String) async throws -> String {
        if let task = known[migrations] { return try await task.value }
        let task = Task { try await Self.prepare(migrations, server) }
        known[migrations] = task
        return try await task.value
    }

    private static func prepare(_ migrations: URL, _ server: String) async throws -> String {
        let final = "drizzl_template_" + (try checksum(migrations))
        guard try await !exists(final, server) else { return final }
        // Made under another name and renamed when whole: another process may be doing the same, and the first wins.
        let own = "drizzl_building_" + UUID().uuidString.lowercased().replacing("-", with: "_")
        try await ScratchDatabase.administer(server, "CREATE DATABASE \(own) TEMPLATE template0")
        let url = DatabaseURL.replacingDatabase(in: server, with: own)
        do {
            try await Migrator(directory: migrations).migrate(DatabaseConfiguration(url: url))
            try await ScratchDatabase.administer(server, "ALTER DATABASE \(own) RENAME TO \(final)")
        } catch {
            try? await ScratchDatabase.administer(server, "DROP DATABASE IF EXISTS \(own) WITH (FORCE)")
            guard try await exists(final, server) else { throw error }
        }
        return final
    }

    private static func exists(_ name: String, _ server: String) async throws -> Bool {
        let pool = Pool(DatabaseConfiguration(url: server, maximumConnections: 1))
        let rows = try await pool.query("SELECT 1 FROM pg_database WHERE datname = \(name)")
        await pool.close()
        return !rows.isEmpty
    }

    /// FNV-1a over names and contents: to tell states of the migrations apart, not to protect anything.
    private static func checksum(_ migrations: URL) throws -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        let names = try FileManager.default.contentsOfDirectory(atPath: migrations.path)
        for name in names.filter({ $0.hasSuffix(".sql") }).sorted() where name.first?.isNumber == true {
            let data = try Data(contentsOf: migrations.appendingPathComponent(name))
            for byte in Data(name.utf8) + data { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        }
        return String(hash, radix: 16)
    }
}
