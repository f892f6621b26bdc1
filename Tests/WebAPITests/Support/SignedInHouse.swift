import Accounts
import Database
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import ServiceLifecycle
import Storage

@testable import WebAPI

/// Live updates and files on a port of their own, with two admins who are signed in.
///
/// A request says in `X-Token` which session it comes with; how cookies carry one is for other tests.
struct SignedInHouse: Sendable {
    let port: Int
    let pool: Pool
    let hub: LiveHub
    /// A record that both may see.
    let invoice: UUID
    let log: LogLines
    let group: ServiceGroup
    let files: FileStores

    static let (alice, bob) = (Person(token: "token-of-alice"), Person(token: "token-of-bob"))

    struct Person: Sendable {
        let id = UUID.v7()
        let session = UUID.v7()
        let token: String
    }

    /// Opens a house for the length of `body`.
    ///
    /// - Parameters:
    ///   - door: What is asked of requests before anything is done for them.
    ///   - files: Where files are kept; nil: where the house keeps them.
    ///   - body: The test.
    /// - Throws: What the body throws, or what keeps the house from opening.
    static func with(
        door: DoorSettings = DoorSettings(), files: FileStores? = nil,
        _ body: @escaping @Sendable (SignedInHouse) async throws -> Void
    ) async throws {
        try await House.with { house async throws in
            try await plant(house)
            let router = Router(context: DoorContext.self)
            router.add(middleware: AnswerMiddleware(pages: nil, isBehindTLS: door.isBehindTLS))
            router.add(middleware: AddressMiddleware(door))
            router.add(middleware: TokenInHeader())
            if let limit = CredentialLimitMiddleware(door) { router.add(middleware: limit) }
            var dependencies = house.dependencies
            let files = files ?? dependencies.files
            dependencies.files = files
            RouteTable(router, dependencies: dependencies).add(
                LiveRoutes(dependencies: dependencies).operations + FileRoutes(dependencies: dependencies).operations)
            let (ports, announce) = AsyncStream.makeStream(of: Int.self)
            let logger = Logger(label: "test") { _ in house.log.handler }
            let application = Application(
                responder: DoorResponder(router), server: WebDoor.server,
                configuration: .init(address: .hostname("127.0.0.1", port: 0)),
                onServerRunning: { channel in announce.yield(channel.localAddress?.port ?? 0) }, logger: logger)
            let group = ServiceGroup(
                configuration: .init(services: [.init(service: application)], logger: logger))
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                var iterator = ports.makeAsyncIterator()
                let port = await iterator.next() ?? 0
                let live = SignedInHouse(
                    port: port, pool: house.pool, hub: house.dependencies.live, invoice: house.invoice, log: house.log,
                    group: group, files: files)
                do { try await body(live) } catch {
                    await group.triggerGracefulShutdown()
                    throw error
                }
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
            }
        }
    }

    private static func plant(_ house: House) async throws {
        try await house.pool.transaction { session in
            // The owner of everything, until the transaction ends.
            try session.execute("SET LOCAL ROLE NONE")
            for person in [alice, bob] {
                try session.execute(
                    """
                    INSERT INTO admins (id, email, first_name, last_name)
                    VALUES (\(person.id), \(person.token)::text || '@drizzl.example', 'A', 'B')
                    """)
                try session.execute(
                    """
                    INSERT INTO sessions (id, token_hash, user_kind, user_id, created_at, last_seen_at, idle, expires_at)
                    VALUES (\(person.session), \(Credential.digest(of: person.token)), 'admin', \(person.id),
                        \(House.now), \(House.now), interval '12 hours', \(House.now.addingTimeInterval(86_400)))
                    """)
            }
        }
    }

    /// Tells somebody something, which is a change that they alone may see.
    ///
    /// - Parameters:
    ///   - person: Who.
    ///   - count: How many times, in one transaction.
    /// - Returns: The notices' ids, in the order in which they were made.
    /// - Throws: `DatabaseError`.
    @discardableResult
    func tell(_ person: Person, _ count: Int = 1) async throws -> [UUID] {
        try await pool.transaction { session in try Self.tell(person, count, in: session) }
    }

    /// The same within a transaction.
    @discardableResult
    static func tell(_ person: Person, _ count: Int = 1, in session: Session) throws -> [UUID] {
        let ids = (0..<count).map { _ in UUID.v7() }
        try session.execute(
            """
            INSERT INTO notifications (id, recipient_kind, recipient_id, type, title, message, dedupe_key)
            SELECT id, 'admin', \(person.id), 'test', 'Title', 'Message', id::text FROM unnest(\(ids)::uuid[]) AS n (id)
            """)
        return ids
    }

    /// Sends one request on a connection of its own.
    func send(
        _ method: String, _ path: String, as person: Person? = nil, headers: [String: String] = [:],
        body: [UInt8] = []
    ) async throws -> Answer {
        let own = ["Host": "localhost", "X-Token": person?.token ?? "", "Content-Length": "\(body.count)"]
        let lines = own.merging(headers) { $1 }.map { "\($0): \($1)\r\n" }.joined()
        return try await RawConnection.with(port: port) { connection async throws in
            try await connection.send(Array("\(method) \(path) HTTP/1.1\r\n\(lines)\r\n".utf8) + body)
            return Answer(try await connection.answer())
        }
    }

    /// Listens as somebody for the length of `body`.
    func listen<Value: Sendable>(
        as person: Person, after: Int64? = nil, _ body: @Sendable (LiveReader) async throws -> Value
    ) async throws -> Value {
        try await RawConnection.with(port: port) { connection async throws in
            let resumed = after.map { "Last-Event-ID: \($0)\r\n" } ?? ""
            let request = "GET /api/v1/live HTTP/1.1\r\nHost: localhost\r\nX-Token: \(person.token)\r\n\(resumed)\r\n"
            try await connection.send(Array(request.utf8))
            let reader = LiveReader(connection)
            try await reader.begin()
            return try await body(reader)
        }
    }
}

/// Takes a session's token from a header.
private struct TokenInHeader: RouterMiddleware {
    func handle(
        _ request: Request, context: DoorContext,
        next: @concurrent (Request, DoorContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        if let name = HTTPField.Name("X-Token"), let token = request.headers[name] {
            context.credential = Credential(token: token, portal: .admin)
        }
        return try await next(request, context)
    }
}
