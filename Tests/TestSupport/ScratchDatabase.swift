internal import Database
public import Foundation

/// A database of its own for a test, on the server that `DRIZZL_TEST_DATABASE_URL` names.
///
/// With migrations it is copied from a template that is migrated once and kept on the server under the migrations'
/// checksum, so that a test pays for a copy and not for the migrations.
public struct ScratchDatabase: Sendable {
    /// Where to connect, as the server's superuser.
    public let url: String
    private let name: String

    /// Why a test could not get its database.
    public struct Unavailable: Error, CustomStringConvertible {
        /// What is missing.
        public let description: String
    }

    /// Creates an empty database, or one with `migrations` applied.
    ///
    /// - Parameter migrations: The folder of the migration files, if the test wants a schema.
    /// - Returns: The database; ``drop()`` it in the end.
    /// - Throws: ``Unavailable`` without a server to connect to, or the server's error.
    public static func make(migrations: URL? = nil) async throws -> ScratchDatabase {
        let server = try serverURL()
        let name = "drizzl_test_\(UUID.v7().uuidString.lowercased().replacing("-", with: "_"))"
        let template = try await migrations.asyncMap { try await Templates.shared.template($0, server) }
        try await administer(server, "CREATE DATABASE \(name) TEMPLATE \(template ?? "template0")")
        return ScratchDatabase(url: DatabaseURL.replacingDatabase(in: server, with: name), name: name)
    }

    /// Drops the database, whoever is connected to it.
    public func drop() async {
        // A database that stays behind harms no other test.
        try? await Self.administer(Self.serverURL(), "DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
    }

    /// Creates a database for the length of `body`.
    ///
    /// - Parameters:
    ///   - migrations: The folder of the migration files, if the test wants a schema.
    ///   - body: The test, which gets the database's URL.
    /// - Returns: What the body returns.
    /// - Throws: What ``make(migrations:)`` or the body throws.
    public static func with<Value>(
        migrations: URL? = nil, _ body: (String) async throws -> Value
    ) async throws -> Value {
        await Turnstile.databases.enter()
        do {
            let database = try await make(migrations: migrations)
            do {
                let value = try await body(database.url)
                await database.drop()
                await Turnstile.databases.leave()
                return value
            } catch {
                await database.drop()
                throw error
            }
        } catch {
            await Turnstile.databases.leave()
            throw error
        }
    }

    static func serverURL() throws -> String {
        guard let url = ProcessInfo.processInfo.environment["DRIZZL_TEST_DATABASE_URL"] else {
            throw Unavailable(description: "DRIZZL_TEST_DATABASE_URL is not set; `make test` sets it")
        }
        return url
    }

    static func administer(_ server: String, _ statement: String) async throws {
        let pool = Pool(DatabaseConfiguration(url: server, maximumConnections: 1, statementTimeout: .seconds(120)))
        do {
            try await pool.run { session in _ = try session.execute("\(unsafeUnescaped: statement)") }
            await pool.close()
        } catch {
            await pool.close()
            throw error
        }
    }
}

extension Optional {
    fileprivate func asyncMap<Value>(_ transform: (Wrapped) async throws -> Value) async throws -> Value? {
        guard let self else { return nil }
        return try await transform(self)
    }
}
