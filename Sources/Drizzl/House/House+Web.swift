import Database
import Foundation
import Hummingbird
import Logging
import Portals
import ServiceLifecycle
import StateMachines
import WebAPI

extension House {
    /// The web of this process.
    ///
    /// - Throws: When a page's template is broken.
    func web() throws -> some Service {
        let access = settings.apiToken.map { AccessPolicy.token(TokenDigest(of: $0)) } ?? .localOnly
        // Through the pool, so that probes cannot take connections from those who work; the role may read the list.
        let (pool, migrator) = (pool, MigrateCommand.migrator(settings))
        let dependencies = WebDependencies(
            engine: engine, pool: pool, actor: operatorActor, zone: calendar.zone, access: access, now: now,
            isReady: { (try? await migrator.pending(in: pool).isEmpty) ?? false })
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
}
