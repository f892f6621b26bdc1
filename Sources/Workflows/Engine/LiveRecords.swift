public import Database
public import StateMachines

/// How many records of each machine are in which state.
public enum LiveRecords {
    /// Counts the records of machines that have passed the checker, in one query for each.
    ///
    /// - Parameters:
    ///   - machines: The machines as they are in force in the database.
    ///   - pool: Connections that may read every table.
    /// - Returns: The counts by machine and state; a machine whose table or column is not there has none.
    /// - Throws: `DatabaseError`.
    public static func counts(of machines: [Machine], on pool: Pool) async throws -> RecordCounts {
        var counts: RecordCounts = [:]
        for machine in machines { counts[machine.name.text] = try await count(machine, on: pool) }
        return counts
    }

    private static func count(_ machine: Machine, on pool: Pool) async throws -> [String: Int]? {
        // Names of tables and columns cannot be bound; these come from files whose names the loader has checked.
        let (entity, field) = (machine.entity.text, machine.field.text)
        do {
            let rows = try await pool.query(
                """
                SELECT \(unsafeUnescaped: field) AS state, count(*) AS records FROM \(unsafeUnescaped: entity)
                WHERE \(unsafeUnescaped: field) IS NOT NULL GROUP BY 1
                """)
            let pairs = try rows.map { row in
                (try row.value("state", as: String.self), try row.value("records", as: Int.self))
            }
            return Dictionary(pairs) { first, _ in first }
        } catch let error as DatabaseError where ["42P01", "42703"].contains(error.sqlState) {
            // No such table, no such column: of an older or newer schema than the files.
            return nil
        }
    }
}
