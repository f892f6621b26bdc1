import ArgumentParser
import Database
import Documents
import Foundation
import Jobs
import StateMachines
import WebAPI
import Workers
import Workflows

/// `drizzl doctor`: what is in force here, and what is wrong with it.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Print the settings in force, with secrets hidden, and look at the database.",
        discussion: """
            With --traces it judges what the database holds instead: every record's history against the definitions that \
            its events name, state columns, timers, jobs, tasks and commands. Exits with 1 when something is wrong.
            """)

    @Flag(help: "Judge the history of every record.")
    var traces = false
    @Flag(help: "With --traces: as JSON, for programs.")
    var json = false

    func validate() throws {
        if json, !traces { throw ValidationError("--json goes with --traces.") }
    }

    func run() async throws {
        let settings = try Settings.current()
        guard !traces else { return try await judgeTraces(settings) }
        func hidden(_ secret: String?) -> String { secret == nil ? "not set" : "set (hidden)" }
        print(
            """
            DATABASE_URL              \(settings.databaseURL == nil ? "not set: the private cluster" : "set (hidden)")
            DRIZZL_DATABASE_POOLER    \(settings.databasePooler.rawValue)
            DRIZZL_LISTEN_URL         \(hidden(settings.listenURL))
            DRIZZL_HOST               \(settings.host)
            DRIZZL_PORT               \(settings.port)
            DRIZZL_PUBLIC_URL         \(settings.publicURL.absoluteString)\(settings.door.isBehindTLS ? ", TLS demanded of browsers" : "")
            DRIZZL_RATE_PER_ADDRESS   \(describe(settings.door.perAddress))
            DRIZZL_RATE_PER_TOKEN     \(describe(settings.door.perCredential))
            DRIZZL_PROXIES            \(describe(proxies: settings.door.proxies))
            DRIZZL_FILES_DIR          \(settings.filesDirectory.path): the same for every process that serves
            DRIZZL_COMMON_PASSWORDS   \(settings.commonPasswords)
            DRIZZL_SECRET_KEY         \(settings.secretKey == nil ? "not set: one that is kept here" : "set (hidden)")
            DRIZZL_SMTP_URL           \(settings.smtp?.url ?? "not set: mail is kept in the database")
            DRIZZL_SMTP_PASSWORD      \(hidden(settings.smtp?.password))
            DRIZZL_MAIL_FROM          \(settings.mailFrom.address)
            DRIZZL_COMPANY_TIME_ZONE  \(settings.companyZone.identifier)
            DRIZZL_LOG_LEVEL          \(settings.logLevel)
            DRIZZL_CLOCK_SHIFT        \(Int(settings.clockShift)) s
            DRIZZL_HOME               \(settings.home.path)
            carriers                  \(Self.carriers)
            """)
        guard let url = settings.databaseURL else { return }
        let configuration = settings.database(at: url)
        let pending = try await MigrateCommand.migrator(settings).pending(configuration)
        print("migrations missing        \(pending.isEmpty ? "none" : pending.joined(separator: ", "))")
        guard pending.isEmpty else { throw ExitCode.failure }
        try await tellWhoHoldsVacuumUp(configuration)
        try await compareZones(settings, configuration)
        guard try await lookAtQueue(configuration, seal: settings.payloadSeal()) else { throw ExitCode.failure }
    }

    private func describe(_ limit: WebAPI.RateLimit?) -> String {
        limit.map { "\($0.perSecond) requests a second, \($0.atOnce) at once; then 429" } ?? "0: as many as come"
    }

    private func describe(proxies: Int) -> String {
        proxies == 0
            ? "0: whoever connects is whom the limits count"
            : "\(proxies): the limits count whom X-Forwarded-For names, \(proxies) from its end"
    }

    /// From when on whoever holds old rows is worth a look: the queue's tables turn over completely in minutes.
    private static let longTransaction = Duration.seconds(300)

    /// Names whoever keeps the server from removing rows that nobody else can see any more.
    private func tellWhoHoldsVacuumUp(_ configuration: DatabaseConfiguration) async throws {
        var configuration = configuration
        configuration.maximumConnections = 1
        let pool = Pool(configuration)
        let holder: SnapshotHolder?
        do {
            holder = try await pool.query(Queue.snapshotHolders(limit: 1)).first.map(SnapshotHolder.init)
        } catch {
            await pool.close()
            throw error
        }
        await pool.close()
        print("oldest transaction        \(holder.map(describe) ?? "none")")
        guard let holder, holder.age ?? .zero > Self.longTransaction || holder.transactions > 1_000_000 else { return }
        print(
            """
            WARNING                   it keeps dead rows from being removed: the queue's tables grow and claims slow down.
                                      \(holder.remedy)
            """)
    }

    /// Days are counted by two clocks: the program's by its setting, the database's by the company's row.
    private func compareZones(_ settings: Settings, _ configuration: DatabaseConfiguration) async throws {
        var configuration = configuration
        configuration.maximumConnections = 1
        let pool = Pool(configuration)
        let stored: String?
        do {
            stored = try await pool.query("SELECT value #>> '{}' AS zone FROM settings WHERE key = 'company.time_zone'")
                .first?.optional("zone")
        } catch {
            await pool.close()
            throw error
        }
        await pool.close()
        guard stored != settings.companyZone.identifier else { return }
        print(
            """
            WARNING                   the setting company.time_zone is \(stored ?? "not set"), and DRIZZL_COMPANY_TIME_ZONE
                                      is \(settings.companyZone.identifier): days begin at two different times. Set both alike.
            """)
    }

    private func describe(_ holder: SnapshotHolder) -> String {
        let parts: [String?] = [
            holder.kind, holder.pid.map { "pid \($0)" }, holder.name, holder.state,
            holder.age.map { "for \($0.components.seconds) s" }, "\(holder.transactions) transactions since",
            holder.query.map { "query: \($0.split(whereSeparator: \.isWhitespace).joined(separator: " "))" },
        ]
        return parts.compactMap(\.self).joined(separator: ", ")
    }

    private static var carriers: String {
        House.carriers.isEmpty
            ? "not connected: nobody is asked where parcels are, record their scans by hand"
            : House.carriers.keys.sorted().joined(separator: ", ")
    }

    private func judgeTraces(_ settings: Settings) async throws {
        let files = try WorkflowFiles.checked(in: settings.home.appending(path: "workflows"))
        var configuration = settings.database(at: try settings.demandDatabaseURL(), role: "drizzl_app")
        configuration.maximumConnections = 1
        // Without a limit: sweeping all records of a state takes as long as it takes.
        configuration.statementTimeout = .zero
        let pool = Pool(configuration)
        let report: TraceReport
        do {
            report = try await TraceValidator(files).judge(pool)
        } catch {
            await pool.close()
            throw error
        }
        await pool.close()
        print(json ? try report.json() : report.text)
        guard report.isSound else { throw ExitCode.failure }
    }
}

extension SnapshotHolder {
    /// What an operator does about it.
    fileprivate var remedy: String {
        switch kind {
        case "prepared transaction": "COMMIT PREPARED or ROLLBACK PREPARED '\(name)' ends it."
        case "replication slot": "If nobody reads it any more: SELECT pg_drop_replication_slot('\(name)');"
        case "standby": "End the long query on the standby, or switch hot_standby_feedback off there."
        default: pid.map { "If it is not needed: SELECT pg_terminate_backend(\($0));" } ?? "End it."
        }
    }
}
