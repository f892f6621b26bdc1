import ArgumentParser
import Database
import Foundation

/// `drizzl up`: everything in one process, for one machine.
struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Everything in one process: PostgreSQL unless DATABASE_URL is set, web, worker, scheduler.")

    @Flag(inversion: .prefixedNo, help: "Plant the demo data when the database is empty.")
    var demo = true

    func run() async throws {
        let settings = try Settings.current()
        // Before anything is started: a port that is taken is the usual trouble, and cheap to find out.
        try Port.demandFree(settings.port, host: settings.host)
        let database = try OwnDatabase.start(settings)
        do {
            try await serve(settings, database)
        } catch {
            try? database.stop()
            throw error
        }
        try database.stop()
    }

    private func serve(_ settings: Settings, _ database: OwnDatabase) async throws {
        let applied = try await MigrateCommand.migrate(settings, databaseURL: database.url)
        if !applied.isEmpty { say("Migrated: \(applied.joined(separator: ", "))") }
        let house = try await House(settings, databaseURL: database.url)
        let seed = try DemoSeed(house)
        if demo, try await seed.isWanted() {
            say("Planted demo data: \(try await seed.plant())")
            say(try await DemoAccounts(house).open())
        }
        let people = try await DemoAccounts(house).people()
        say(
            """

            Drizzl is up.
              Look at   \(settings.publicURL)/
              API       \(settings.publicURL)/api
              Database  \(database.description)
              Mail      \(settings.smtp == nil ? "kept in the database (set DRIZZL_SMTP_URL to send it)" : "sent by DRIZZL_SMTP_URL")
              Sign in   \(people.isEmpty ? "make the first account: drizzl admin create --email … --role super_admin" : "as \(people)")
            Stop with Ctrl-C.

            """)
        try await house.run([try house.web(), try house.worker(), try await house.scheduler()])
    }
}

/// The database that `drizzl up` works on: the configured one, or a private cluster.
struct OwnDatabase: Sendable {
    var url: String
    var description: String
    private var cluster: PrivateCluster?

    /// Takes the configured database, or starts the private cluster in `.drizzl/`.
    static func start(_ settings: Settings) throws -> OwnDatabase {
        if let url = settings.databaseURL { return OwnDatabase(url: url, description: "of DATABASE_URL") }
        let cluster = PrivateCluster(directory: settings.home.appending(path: ".drizzl/postgres").path)
        let running = try cluster.start()
        if let notice = cluster.locationNotice(running.home) { say(notice) }
        // Only who started it may stop it: another `drizzl up` may be using it.
        return OwnDatabase(
            url: running.url, description: "private, kept in .drizzl/", cluster: running.wasStarted ? cluster : nil)
    }

    /// Stops the private cluster, if this process started it; the data stays.
    func stop() throws {
        _ = try cluster?.stop()
    }
}
