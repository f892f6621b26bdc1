import ArgumentParser
import Database
import Foundation
import Jobs

/// `drizzl migrate`: brings the database's schema up to this program.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Apply the migrations that the database lacks; forward only.")

    func run() async throws {
        let settings = try Settings.current()
        let applied = try await Self.migrate(settings, databaseURL: try settings.demandDatabaseURL())
        print(applied.isEmpty ? "Nothing to migrate." : applied.map { "applied \($0)" }.joined(separator: "\n"))
    }

    /// Migrates, and answers the names of what was applied.
    static func migrate(_ settings: Settings, databaseURL: String) async throws -> [String] {
        try await migrator(settings).migrate(settings.database(at: databaseURL))
    }

    /// The migrations of this program.
    static func migrator(_ settings: Settings) -> Migrator {
        Migrator(directory: settings.home.appending(path: "migrations"))
    }
}
