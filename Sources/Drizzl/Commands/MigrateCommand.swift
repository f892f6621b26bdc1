import ArgumentParser
import Database
import Foundation
import Logging
import Scheduler

/// `drizzl migrate`: brings the database's schema up to this program.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Apply the migrations that the database lacks; forward only.")

    func run() async throws {
        let settings = try Settings.current()
        let applied = try await Self.migrate(settings, databaseURL: try settings.demandDatabaseURL())
        print(applied.isEmpty ? "Nothing to migrate." : applied.map { "applied \($0)" }.joined(separator: "\n"))
    }

    /// Migrates, makes room for the jobs to come, and answers the names of what was applied.
    static func migrate(_ settings: Settings, databaseURL: String) async throws -> [String] {
        let applied = try await migrator(settings).migrate(settings.database(at: databaseURL))
        let pool = Pool(settings.database(at: databaseURL, role: "drizzl_app"))
        do { try await settings.retention(pool, Logger(label: "drizzl")).makePartitions() } catch {
            await pool.close()
            throw error
        }
        await pool.close()
        return applied
    }

    /// The migrations of this program.
    static func migrator(_ settings: Settings) -> Migrator {
        Migrator(directory: settings.home.appending(path: "migrations"))
    }
}

extension Settings {
    /// The keeper of the queue's history.
    func retention(_ pool: Pool, _ logger: Logger) -> RetentionDuty {
        RetentionDuty(pool: pool, retention: .seconds(jobRetentionDays * 86_400), logger: logger)
    }
}
