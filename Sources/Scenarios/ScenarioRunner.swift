import Database
public import Foundation
public import StateMachines

/// Plays scenarios side by side, each on a database of its own, on one server.
public actor ScenarioRunner {
    private let server: String
    private let migrations: URL
    private let prefix = "drizzl_scenario_" + UUID().uuidString.lowercased().replacing("-", with: "_")
    private var template: Task<String, any Error>?
    private var idle: [ScenarioLane] = []
    private var lanes = 0

    /// Makes a runner; nothing is connected yet.
    ///
    /// - Parameters:
    ///   - server: A PostgreSQL server, as its superuser: databases are made on it and dropped again.
    ///   - migrations: The folder of the migrations.
    public init(server: String, migrations: URL) {
        (self.server, self.migrations) = (server, migrations)
    }

    /// Plays one scenario; as many may be played at once as the server has connections for, three each.
    ///
    /// - Parameters:
    ///   - files: The lifecycles, which may be others each time.
    ///   - scenario: What to play.
    /// - Returns: Whether it went as it says.
    /// - Throws: `DatabaseError` when the server cannot be reached; `MigrationError`.
    public func run(files: WorkflowFiles, _ scenario: Scenario) async throws -> ScenarioVerdict {
        let lane = if let lane = idle.popLast() { lane } else { try await makeLane() }
        do {
            let verdict = try await lane.play(scenario, on: files)
            idle.append(lane)
            return verdict
        } catch {
            await lane.close()
            throw error
        }
    }

    /// Drops the databases.
    public func close() async {
        for lane in idle { await lane.close() }
        idle = []
        // Whatever stays behind harms nobody.
        for number in 0...lanes { try? await administer("DROP DATABASE IF EXISTS \(prefix)_\(number) WITH (FORCE)") }
        template = nil
    }

    private func makeLane() async throws -> ScenarioLane {
        lanes += 1
        let name = "\(prefix)_\(lanes)"
        let source = try await migrated()
        try await administer("CREATE DATABASE \(name) TEMPLATE \(source)")
        return try await ScenarioLane(url: DatabaseURL.replacingDatabase(in: server, with: name))
    }

    /// The database that the others are copied from: migrated once.
    private func migrated() async throws -> String {
        if let template { return try await template.value }
        let (name, server, migrations) = ("\(prefix)_0", server, migrations)
        let task = Task {
            try await administer("CREATE DATABASE \(name) TEMPLATE template0")
            let url = DatabaseURL.replacingDatabase(in: server, with: name)
            _ = try await Migrator(directory: migrations).migrate(DatabaseConfiguration(url: url))
            return name
        }
        template = task
        return try await task.value
    }

    private func administer(_ statement: String) async throws {
        let pool = Pool(DatabaseConfiguration(url: server, maximumConnections: 1, statementTimeout: .seconds(120)))
        do {
            // Names of databases cannot be bound; these are made here.
            _ = try await pool.query("\(unsafeUnescaped: statement)")
            await pool.close()
        } catch {
            await pool.close()
            throw error
        }
    }
}

/// Names another database in a libpq connection string of either form.
public enum DatabaseURL {
    /// The same connection string with another database.
    ///
    /// - Parameters:
    ///   - url: A URI or a keyword string.
    ///   - name: The database's name.
    /// - Returns: A string of the same form.
    public static func replacingDatabase(in url: String, with name: String) -> String {
        guard let scheme = url.range(of: "://") else {
            // In a keyword string the last mention counts.
            return url + " dbname=" + name
        }
        // By hand, since several hosts with ports are no URL to Foundation.
        let rest = url[scheme.upperBound...]
        let query = rest.firstIndex(of: "?") ?? rest.endIndex
        let path = rest[..<query].firstIndex(of: "/") ?? query
        return url[..<scheme.upperBound] + rest[..<path] + "/" + name + rest[query...]
    }
}
