public import Foundation

/// Brings a database's schema up to date by numbered SQL files, `NNNN_name.sql`, forward only.
///
/// Each file runs once, in a transaction of its own together with its entry in `schema_migrations`. It may not begin,
/// commit or COPY. A file that has been applied must never change. Several processes may migrate at once: they take
/// turns, file by file.
public struct Migrator: Sendable {
    /// How long a migration waits for a lock: while it waits, everybody behind it waits too.
    static let lockTimeout = Duration.seconds(5)
    /// How often a migration is tried that did not get its lock.
    static let attempts = 5
    /// The advisory lock that makes migrating processes take turns: "drizzl" in ASCII.
    private static let lockKey: Int64 = 0x6472_697A_7A6C

    private let directory: URL

    /// Names the folder of the files; it is read at each call.
    public init(directory: URL) {
        self.directory = directory
    }

    /// Applies what has not been applied.
    ///
    /// Runs with the login's own rights, not with the configuration's role, and without a limit for statements.
    ///
    /// - Parameter configuration: The database.
    /// - Returns: The names of the migrations that this call applied, in order.
    /// - Throws: ``MigrationError``, or ``DatabaseError`` when the database cannot be reached.
    @discardableResult
    public func migrate(_ configuration: DatabaseConfiguration) async throws -> [String] {
        let files = try MigrationFile.all(in: directory)
        return try await withPool(configuration) { pool in
            var applied: [String] = []
            while let name = try await applyNextPatiently(files, pool) { applied.append(name) }
            return applied
        }
    }

    /// Finds what has not been applied, and changes nothing.
    ///
    /// - Parameter configuration: The database.
    /// - Returns: The names of the migrations still to apply, in order.
    /// - Throws: ``MigrationError``, or ``DatabaseError`` when the database cannot be reached.
    public func pending(_ configuration: DatabaseConfiguration) async throws -> [String] {
        try await withPool(configuration) { pool in try await pending(in: pool) }
    }

    /// Finds what has not been applied, on connections that may read `public.schema_migrations`.
    ///
    /// - Parameter pool: Where a connection is taken from.
    /// - Returns: The names of the migrations still to apply, in order.
    /// - Throws: ``MigrationError``, or ``DatabaseError`` when the database cannot be reached.
    public func pending(in pool: Pool) async throws -> [String] {
        let files = try MigrationFile.all(in: directory)
        return try await pool.run { session in
            try MigrationHistory(reading: session).pending(files).map(\.name)
        }
    }

    private func withPool<Value>(
        _ configuration: DatabaseConfiguration, _ body: (Pool) async throws -> Value
    ) async throws -> Value {
        var configuration = configuration
        configuration.role = nil
        configuration.statementTimeout = .zero
        configuration.maximumConnections = 1
        let pool = Pool(configuration)
        do {
            let value = try await body(pool)
            await pool.close()
            return value
        } catch {
            await pool.close()
            throw error
        }
    }

    private func applyNextPatiently(_ files: [MigrationFile], _ pool: Pool) async throws -> String? {
        for attempt in 1... {
            do {
                return try await pool.run { session in try Self.applyNext(files, session) }
            } catch MigrationError.failed(_, _, let cause)
                where cause.kind == .lockTimeout && attempt < Self.attempts
            {
                // Let those pass who queued up behind us.
                try await Task.sleep(for: .milliseconds(500 * attempt))
            }
        }
        return nil
    }

    /// Applies the first migration that is not applied; nil when there is none.
    private static func applyNext(_ files: [MigrationFile], _ session: Session) throws -> String? {
        // Held to the end of the transaction, so that another process finds this migration done or not begun.
        try session.begin(with: ["SELECT pg_advisory_xact_lock(\(lockKey))"])
        try session.execute(MigrationHistory.createTable)
        guard let file = try MigrationHistory(reading: session).pending(files).first else {
            try session.commit()
            return nil
        }
        do {
            try session.execute("SELECT set_config('lock_timeout', \(String(lockTimeout.wholeMilliseconds)), true)")
            try session.runScript(file.text)
            guard session.isInTransaction else {
                throw MigrationError.invalid(["\(file.name) ends its transaction itself; take out its COMMIT"])
            }
            try session.commit(with: [
                """
                INSERT INTO public.schema_migrations (version, name, checksum)
                VALUES (\(Int32(file.version)), \(file.name), \(file.checksum))
                """
            ])
        } catch let failure as ScriptFailure {
            throw MigrationError.failed(name: file.name, line: failure.line, cause: failure.error)
        } catch let error as DatabaseError {
            throw MigrationError.failed(name: file.name, line: nil, cause: error)
        }
        return file.name
    }
}
