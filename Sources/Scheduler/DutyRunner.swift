public import Database
internal import Jobs
public import Logging
public import ServiceLifecycle

/// Looks after duties while this process leads.
///
/// Of all processes that run one under the same name, one leads. A process that loses the database stops its duties
/// before another one may begin: it reckons by the monotonic clock from before its last renewal.
public struct DutyRunner: Service {
    private let database: DatabaseConfiguration
    private let duties: [any Duty]
    private let name: String
    private let settings: LeadershipSettings
    private let logger: Logger

    /// Puts a runner together; nothing is connected yet.
    ///
    /// - Parameters:
    ///   - database: How to reach the database, for a connection of the leadership's own.
    ///   - duties: What to look after, each by itself, so that a slow one does not hold up the others.
    ///   - name: What is led; one leader for each name.
    ///   - settings: How leadership is held.
    ///   - logger: Where to log.
    public init(
        database: DatabaseConfiguration, duties: [any Duty], name: String = "scheduler",
        settings: LeadershipSettings = LeadershipSettings(), logger: Logger
    ) {
        self.database = database
        self.duties = duties
        self.name = name
        self.settings = settings
        self.logger = logger
    }

    /// Works until shut down or cancelled; what is being done then is cancelled, and safe to be done again.
    public func run() async throws {
        var configuration = database
        configuration.maximumConnections = 1
        // A renewal that takes longer is of no use, and must not keep the connection from the next one.
        configuration.statementTimeout = settings.term / 2
        configuration.applicationName = database.applicationName + " scheduler"
        let pool = Pool(configuration)
        let leadership = Leadership(pool: pool, name: name, settings: settings, logger: logger)
        logger.info("scheduling, or standing by while another leads")
        await cancelWhenGracefulShutdown {
            await withTaskGroup { group in
                group.addTask { await leadership.keepRenewing() }
                for duty in duties {
                    group.addTask { await look(after: duty, under: leadership) }
                }
            }
        }
        // In a task of its own: stepping down is done also when this one was cancelled.
        await Task {
            await leadership.stepDown()
            await pool.close()
        }.value
    }

    private func look(after duty: any Duty, under leadership: Leadership) async {
        var logger = logger
        logger[metadataKey: "duty"] = "\(duty.name)"
        while !Task.isCancelled {
            var hasMore = false
            if let end = leadership.end() {
                do {
                    hasMore = try await perform(duty, until: end, under: leadership)
                } catch {
                    guard !Task.isCancelled else { return }
                    logger.error("the duty failed", metadata: ["reason": "\(SafeText.of(error))"])
                }
            }
            // While somebody else leads, look whether that has changed about as often as it can.
            let pause = leadership.end() == nil ? min(duty.interval, settings.renewal / 4) : duty.interval
            if !hasMore { try? await Task.sleep(for: pause) }
        }
    }

    /// Performs a portion of a duty, and cancels it should the term end before it does.
    private func perform(
        _ duty: any Duty, until end: ContinuousClock.Instant, under leadership: Leadership
    ) async throws -> Bool {
        try await withThrowingTaskGroup(of: Bool?.self) { group in
            group.addTask { try await duty.run() }
            group.addTask {
                var end = end
                while true {
                    try await Task.sleep(until: end, clock: .continuous)
                    // Renewed meanwhile: wait for the new end.
                    guard let renewed = leadership.end() else { return nil }
                    end = renewed
                }
            }
            defer { group.cancelAll() }
            return (try await group.next() ?? nil) ?? false
        }
    }
}
