import Accounts
import Database
import Foundation
import Hummingbird
import HummingbirdCore
import Jobs
import Logging
import NIOCore
import Portals
import StateMachines
import Storage
import TestSupport
import WebAPI
import Workflows

/// The web side on a port of its own, over a database of its own with one NET30 invoice of $3,845.00.
struct House: Sendable {
    let port: Int
    let pool: Pool
    let engine: Engine
    let invoice: UUID
    let order: UUID
    /// What went to the log.
    let log: LogLines
    /// What the web side was given.
    let dependencies: WebDependencies

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    static let zone = TimeZone(identifier: "America/Los_Angeles") ?? .gmt
    /// A Monday, 10:00 in the company's zone.
    static let now = Date(timeIntervalSince1970: 1_772_474_400)
    /// An admin who is signed in, and may see what operators see.
    static let admin = Actor(
        kind: .admin, id: UUID(uuidString: "0198c1f2-0000-7000-8000-000000000001"), role: "admin",
        permissions: ["ops.read"])
    /// The token of the admin's session.
    static let session = "the-token-of-the-admins-session"
    static let secrets = try? SecretBox(keys: [1: Array(repeating: 7, count: 32)], current: 1)

    /// Opens a house for the length of `body`.
    static func with(
        isReady: Bool = true, partnerName: String = "Green Leaf Market",
        databaseIsGone: Bool = false, _ body: @escaping @Sendable (House) async throws -> Void
    ) async throws {
        try await ScratchDatabase.with(migrations: root.appending(path: "migrations")) { url in
            let pool = Pool(DatabaseConfiguration(url: url, maximumConnections: 4, role: "drizzl_app"))
            let files = WorkflowFiles.load(directory: root.appending(path: "workflows")).files
            let engine = try await Engine.start(
                files, lifecycles: [InvoiceLifecycle()], calendar: CompanyCalendar(zone: zone), pool: pool)
            let order = try await plantOrder(url, partnerName: partnerName)
            let invoice = UUID.v7()
            let created = try await engine.perform(
                Command(
                    id: UUID(), machine: "invoice", record: invoice, move: "create",
                    inputs: ["order": .string(order.uuidString)], actor: .system),
                now: now)
            guard case .done = created else { throw Failure.noInvoice }
            let web = databaseIsGone ? Pool(DatabaseConfiguration(url: "postgresql:///x?host=/nonexistent")) : pool
            let log = LogLines()
            let folder = FileManager.default.temporaryDirectory.appending(path: "drizzl-\(invoice)")
            defer { try? FileManager.default.removeItem(at: folder) }
            var dependencies = WebDependencies(
                engine: engine, pool: web, zone: zone, accounts: try accounts(), now: { now },
                isReady: { isReady },
                metrics: { [gauges = QueueGauges(pool: web, life: .zero)] in await gauges.families() })
            dependencies.files = FileStores(directory: folder)
            let publicFiles = try PublicFiles(directory: root.appending(path: "public"))
            let pages = try PortalPages(
                dependencies, files: publicFiles, templates: root.appending(path: "templates/portal"))
            let responder = WebDoor.responder(dependencies, files: publicFiles, pages: pages)
            try await serve(responder, log) { [dependencies] port in
                try await body(
                    House(
                        port: port, pool: pool, engine: engine, invoice: invoice, order: order, log: log,
                        dependencies: dependencies))
            }
            await pool.close()
            if databaseIsGone { await web.close() }
        }
    }

    enum Failure: Error { case noInvoice, noSecrets }

    static func accounts() throws -> AccountDoor {
        guard let secrets else { throw Failure.noSecrets }
        return AccountDoor(
            hasher: try PasswordHasher(), policy: PasswordPolicy(common: ["password", "iloveyou"]), secrets: secrets,
            limits: .init(capacity: 100, refill: 100))
    }

    static func serve(
        _ responder: DoorResponder, _ log: LogLines,
        _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        let (ports, announce) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            responder: responder, server: WebDoor.server,
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in announce.yield(channel.localAddress?.port ?? 0) },
            logger: Logger(label: "test") { _ in log.handler })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            group.addTask {
                for await port in ports {
                    try await body(port)
                    break
                }
            }
            // The body ends first; the server then has to go.
            try await group.next()
            group.cancelAll()
        }
    }

    private static func plantOrder(_ url: String, partnerName: String) async throws -> UUID {
        let (partner, order) = (UUID.v7(), UUID.v7())
        try await ScratchDatabase.plant(
            url,
            [
                """
                INSERT INTO partners (id, business_name, business_type, contact_name, email, phone, address, city, state,
                    zip_code, time_zone, late_fee_terms_accepted_on, status, status_seq, status_since, approved_by,
                    approved_at)
                VALUES (\(partner), \(partnerName), 'grocery', 'Ana Ruiz', 'ana@greenleaf.example', '555-0100',
                    '1 Main Street', 'Portland', 'OR', '97201', 'America/Los_Angeles', '2026-01-01', 'active', 1, now(),
                    \(UUID()), now())
                """,
                """
                INSERT INTO orders (id, order_number, type, partner_id, placed_by_kind, subtotal_cents, tax_cents,
                    shipping_cents, total_cents, payment_terms, placed_on, status, status_seq, status_since,
                    payment_status, payment_status_seq, payment_status_since)
                VALUES (\(order), 'ORD-10001', 'B2B', \(partner), 'partner_user', 384500, 0, 0, 384500, 'NET30',
                    '2026-03-01', 'shipped', 3, now(), 'pending', 1, now())
                """,
                """
                INSERT INTO admins (id, email, first_name, last_name, role, permissions)
                VALUES (\(admin.id), 'ada@drizzl.example', 'Ada', 'Lovelace', 'admin', \(Array(admin.permissions)))
                """,
                """
                INSERT INTO sessions (id, token_hash, user_kind, user_id, created_at, last_seen_at, idle, expires_at)
                VALUES (\(UUID.v7()), \(Credential.digest(of: session)), 'admin', \(admin.id), \(now), \(now), '12 hours',
                    \(now)::timestamptz + interval '30 days')
                """,
            ])
        return order
    }
}
