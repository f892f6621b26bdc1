import ArgumentParser
import Foundation

/// `drizzl serve`: the web alone.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve pages and the API; for many machines on one PostgreSQL.")

    func run() async throws {
        let house = try await House.onConfiguredDatabase()
        try await house.run([try house.web()])
    }
}

/// `drizzl work`: a worker alone.
struct WorkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "work", abstract: "Execute jobs; for many machines on one PostgreSQL.")

    func run() async throws {
        let house = try await House.onConfiguredDatabase()
        try await house.run([try house.worker()] + (try house.figures()))
    }
}

/// `drizzl schedule`: the scheduler alone.
struct ScheduleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule", abstract: "Make due what has to happen by itself; of all that run, one leads.")

    func run() async throws {
        let house = try await House.onConfiguredDatabase()
        try await house.run([try await house.scheduler()] + (try house.figures()))
    }
}

extension House {
    /// The house on the database that `DATABASE_URL` names.
    static func onConfiguredDatabase() async throws -> House {
        let settings = try Settings.current()
        return try await House(settings, databaseURL: try settings.demandDatabaseURL())
    }
}

extension Settings {
    /// The connection string.
    ///
    /// - Throws: `ValidationError` when there is none: these commands start no PostgreSQL of their own.
    func demandDatabaseURL() throws -> String {
        guard let databaseURL else {
            throw ValidationError(
                "DATABASE_URL is not set. `drizzl up` brings its own PostgreSQL; this command needs yours.")
        }
        return databaseURL
    }
}
