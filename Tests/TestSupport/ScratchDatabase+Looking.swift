public import Database

extension ScratchDatabase {
    /// The numbers that a query gives, as the owner of everything.
    ///
    /// - Parameters:
    ///   - url: The database.
    ///   - query: A query of one column of `bigint`; only text that the test itself wrote.
    /// - Returns: The numbers.
    /// - Throws: `DatabaseError`.
    public static func rows(_ url: String, _ query: String) async throws -> [Int] {
        let pool = Pool(DatabaseConfiguration(url: url, maximumConnections: 1))
        let numbered: SQL = "SELECT n FROM (\(unsafeUnescaped: query)) AS q (n)"
        let numbers = try await pool.query(numbered).map { try $0.value("n", as: Int.self) }
        await pool.close()
        return numbers
    }

    /// Changes something, as the owner of everything.
    ///
    /// - Parameters:
    ///   - url: The database.
    ///   - statement: Only text that the test itself wrote.
    /// - Throws: `DatabaseError`.
    public static func change(_ url: String, _ statement: String) async throws {
        let pool = Pool(DatabaseConfiguration(url: url, maximumConnections: 1))
        _ = try await pool.query("\(unsafeUnescaped: statement)")
        await pool.close()
    }
}

extension ScratchDatabase {
    /// Runs statements as the owner of everything, without triggers: to put records where a test begins, without the
    /// history that would have led there.
    ///
    /// - Parameters:
    ///   - url: The database.
    ///   - statements: What to run.
    /// - Throws: `DatabaseError`.
    public static func plant(_ url: String, _ statements: [SQL]) async throws {
        let pool = Pool(DatabaseConfiguration(url: url, maximumConnections: 1))
        do {
            try await pool.transaction { session in
                _ = try session.pipeline(["SET LOCAL session_replication_role = replica"] + statements)
            }
            await pool.close()
        } catch {
            await pool.close()
            throw error
        }
    }
}
