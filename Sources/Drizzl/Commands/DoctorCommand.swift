import ArgumentParser
import Database
import Documents
import Foundation
import Workers

/// `drizzl doctor`: what is in force here, and what is wrong with it.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Print the settings in force, with secrets hidden, and look at the database.")

    func run() async throws {
        let settings = try Settings.current()
        func hidden(_ secret: String?) -> String { secret == nil ? "not set" : "set (hidden)" }
        print(
            """
            DATABASE_URL              \(settings.databaseURL == nil ? "not set: the private cluster" : "set (hidden)")
            DRIZZL_HOST               \(settings.host)
            DRIZZL_PORT               \(settings.port)
            DRIZZL_API_TOKEN          \(hidden(settings.apiToken))
            DRIZZL_SMTP_URL           \(settings.smtp?.url ?? "not set: mail is kept in the database")
            DRIZZL_SMTP_PASSWORD      \(hidden(settings.smtp?.password))
            DRIZZL_MAIL_FROM          \(settings.mailFrom.address)
            DRIZZL_COMPANY_TIME_ZONE  \(settings.companyZone.identifier)
            DRIZZL_LOG_LEVEL          \(settings.logLevel)
            DRIZZL_CLOCK_SHIFT        \(Int(settings.clockShift)) s
            DRIZZL_HOME               \(settings.home.path)
            """)
        guard let url = settings.databaseURL else { return }
        let configuration = DatabaseConfiguration(url: url)
        let pending = try await MigrateCommand.migrator(settings).pending(configuration)
        print("migrations missing        \(pending.isEmpty ? "none" : pending.joined(separator: ", "))")
        guard pending.isEmpty else { throw ExitCode.failure }
    }
}
