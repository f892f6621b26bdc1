public import Database
public import Foundation
public import Jobs
public import Storage
public import Telemetry
public import Workflows

/// Everything that the web side needs, given once by the composition root.
///
/// Neither the environment nor the wall clock is read here.
public struct WebDependencies: Sendable {
    /// The one door through which records change.
    public var engine: Engine
    /// Connections to read with.
    public var pool: Pool
    /// The company's time zone, in which pages tell the time.
    public var zone: TimeZone
    /// What signing in needs.
    public var accounts: AccountDoor
    /// The present, UTC.
    public var now: @Sendable () -> Date
    /// Whether requests can be served: the database answers and is migrated.
    public var isReady: @Sendable () async -> Bool
    /// The figures of this process and of what it works on.
    public var metrics: @Sendable () async -> [MetricFamily]
    /// Seals the payloads that ops edit; without it only those in the clear can be.
    public var seal: PayloadSeal?
    /// What stands before the door.
    public var door = DoorSettings()
    /// Where files are that people have sent.
    public var files = FileStores(directory: URL(filePath: ".drizzl/files"))
    /// Who listens for changes in this process, and what they are told.
    public let live: LiveHub

    /// Gathers the dependencies.
    public init(
        engine: Engine, pool: Pool, zone: TimeZone, accounts: AccountDoor,
        now: @escaping @Sendable () -> Date, isReady: @escaping @Sendable () async -> Bool,
        metrics: @escaping @Sendable () async -> [MetricFamily] = { [] }
    ) {
        (self.engine, self.pool, self.zone) = (engine, pool, zone)
        (self.accounts, self.now, self.isReady, self.metrics) = (accounts, now, isReady, metrics)
        live = LiveHub(pool: pool, now: now)
    }
}
