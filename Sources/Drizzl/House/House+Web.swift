import Accounts
import Database
import Foundation
import Hummingbird
import Jobs
import Logging
import Portals
import ServiceLifecycle
import StateMachines
import Telemetry
import WebAPI
import Workers

extension House {
    /// The web of this process.
    ///
    /// - Throws: When a page's template is broken, or there is no list of common passwords.
    func web() throws -> some Service {
        OpenFiles.allowAll(logger)
        let dependencies = try dependencies()
        let publicFiles = try PublicFiles(directory: settings.home.appending(path: "public"))
        let pages = try PortalPages(
            dependencies, files: publicFiles, templates: settings.home.appending(path: "templates/portal"))
        let responder = WebDoor.responder(dependencies, files: publicFiles, pages: pages)
        return Application(
            responder: responder, server: WebDoor.server,
            configuration: .init(
                address: .hostname(settings.host, port: settings.port), serverName: "drizzl"),
            logger: logger)
    }

    private func dependencies() throws -> WebDependencies {
        var dependencies = WebDependencies(
            engine: engine, pool: pool, zone: calendar.zone, accounts: try accountDoor(), now: now, isReady: isReady,
            metrics: metrics)
        dependencies.door = settings.door
        dependencies.seal = try settings.payloadSeal()
        dependencies.files = settings.files
        return dependencies
    }

    /// What signing in needs.
    private func accountDoor() throws -> AccountDoor {
        AccountDoor(
            hasher: try PasswordHasher(), policy: try PasswordPolicy(listAt: settings.commonPasswords),
            secrets: try settings.secretBox())
    }

    /// What a process without the web tells of itself; nothing unless `DRIZZL_METRICS_PORT` says where.
    ///
    /// - Throws: When there is no list of common passwords.
    func figures() throws -> [any Service] {
        guard let port = settings.metricsPort else { return [] }
        return [
            Application(
                responder: WebDoor.figures(try dependencies()), server: WebDoor.server,
                configuration: .init(address: .hostname(settings.host, port: port), serverName: "drizzl"),
                logger: logger)
        ]
    }

    /// Whether the database answers and is migrated.
    private var isReady: @Sendable () async -> Bool {
        // Through the pool, so that probes cannot take connections from those who work; the role may read the list.
        let (pool, migrator) = (pool, MigrateCommand.migrator(settings))
        return { (try? await migrator.pending(in: pool).isEmpty) ?? false }
    }

    /// The figures of the queue and of this process.
    private var metrics: @Sendable () async -> [MetricFamily] {
        let (gauges, workerMetrics, pool) = (gauges, workerMetrics, pool)
        return {
            await gauges.families() + workerMetrics.families + [
                .gauge(
                    "drizzl_pool_connections", help: "Connections of this process, by what they do.",
                    [
                        .init(labels: ["state": "in_use"], value: Double(pool.usage.inUse)),
                        .init(labels: ["state": "idle"], value: Double(pool.usage.idle)),
                    ]),
                .gauge(
                    "drizzl_pool_waiting", help: "Tasks of this process that wait for a connection.",
                    Double(pool.usage.waiting)),
            ]
        }
    }
}
