import Database
import Documents
import Foundation
import Jobs
import Logging
import StateMachines
import Storage
import WebAPI
import Workers
import Workflows

/// The composition root: everything that the roles of the program share, put together once.
struct House: Sendable {
    let settings: Settings
    let database: DatabaseConfiguration
    let pool: Pool
    let files: WorkflowFiles
    let calendar: CompanyCalendar
    let engine: Engine
    let waker: QueueWaker
    let logger: Logger
    let now: @Sendable () -> Date
    /// What the workers of this process did.
    let workerMetrics = WorkerMetrics()
    /// What the queue holds.
    let gauges: QueueGauges

    /// Puts the house together on a migrated database.
    ///
    /// - Throws: `EngineError.cannotStart` or `WorkflowFaults` with every fault at once; `DatabaseError`.
    init(_ settings: Settings, databaseURL: String) async throws {
        let database = settings.database(at: databaseURL, role: "drizzl_app")
        let pool = Pool(database)
        let waker = QueueWaker(pool: pool)
        var logger = Logger(label: "drizzl")
        logger.logLevel = settings.logLevel
        let files = try WorkflowFiles.checked(in: settings.home.appending(path: "workflows"))
        let holidays = try await pool.query("SELECT day FROM company_holidays").map { row in
            try row.value("day", as: CalendarDay.self)
        }
        let calendar = CompanyCalendar(zone: settings.companyZone, holidays: Set(holidays))
        self.engine = try await Engine.start(
            files, lifecycles: Lifecycles.all(secrets: settings.secretBox()), calendar: calendar, pool: pool,
            committed: { [tellOfChanges = LiveFeed.waker(pool: pool)] in
                waker.wake(["default"])
                tellOfChanges()
            })
        (self.settings, self.database, self.pool, self.files) = (settings, database, pool, files)
        (self.calendar, self.waker, self.logger, self.now) = (calendar, waker, logger, settings.now)
        gauges = QueueGauges(pool: pool)
    }

    /// The company on letterheads and in mail.
    var company: CompanyProfile {
        CompanyProfile(
            letterhead: .init(
                name: settings.mailFrom.name ?? "Drizzl Wellness",
                address: ["500 Harbor Boulevard", "Long Beach, CA 90802"], email: settings.mailFrom.address,
                phone: "(555) 010-2030"),
            howToPay: """
                Pay by bank transfer or check, and name the invoice's number.
                Checks to \(settings.mailFrom.name ?? "Drizzl Wellness"), 500 Harbor Boulevard, Long Beach, CA 90802.
                """, zone: calendar.zone)
    }
}

extension Settings {
    /// Where the files are that people send.
    var files: FileStores {
        // The true time, however far the engine's clock is moved: the server compares it with its own.
        FileStores(
            directory: filesDirectory, objects: filesBucket.map { ObjectFileStore(bucket: $0, now: { Date() }) })
    }

    /// The engine's clock: the wall clock, moved by ``clockShift``.
    var now: @Sendable () -> Date {
        let shift = clockShift
        return { Date().addingTimeInterval(shift) }
    }
}

/// The lifecycle files have faults; nothing is run.
struct WorkflowFaults: Error, CustomStringConvertible {
    let report: CheckReport

    var description: String { report.text() }
}

extension WorkflowFiles {
    /// Loads the files and demands that they pass the checker.
    ///
    /// Machines are not explored together: that is for `drizzl workflows check`, before files are handed over.
    static func checked(in directory: URL) throws -> WorkflowFiles {
        let loaded = WorkflowFiles.load(directory: directory)
        let report = CheckReport(loaded, explores: false)
        guard !report.hasErrors else { throw WorkflowFaults(report: report) }
        return loaded.files
    }
}
