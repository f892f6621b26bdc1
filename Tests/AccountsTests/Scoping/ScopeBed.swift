import Accounts
import Database
import Foundation
import TestSupport

/// A database in which ``PlantedRow/world`` is planted, and its people.
struct ScopeBed: Sendable {
    static let people: [String: Visitor.Kind] = [
        "ada": .admin, "olga": .admin, "sue": .admin, "max": .salesRep, "rita": .salesRep, "rob": .salesRep,
        "al": .partnerUser, "bo": .partnerUser, "cy": .partnerUser, "di": .partnerUser,
    ]

    /// As the owner, whom no policy binds.
    let pool: Pool
    /// The text by which a row of each table is known: its primary key.
    let keys: [Table: SQL]
    /// Whose each planted row is, by table and key.
    let planted: [Table: [(key: String, row: PlantedRow)]]

    static func with(_ body: (ScopeBed) async throws -> Void) async throws {
        try await ScratchDatabase.with(migrations: DrizzlProcess.root.appending(path: "migrations")) { url in
            let pool = Pool(DatabaseConfiguration(url: url, maximumConnections: 1))
            do {
                try await body(try await plant(pool))
                await pool.close()
            } catch {
                await pool.close()
                throw error
            }
        }
    }

    /// Rows are made of nothing but what says whose they are, so what else a row needs is not asked for.
    private static func plant(_ pool: Pool) async throws -> ScopeBed {
        for statement: SQL in [
            "SET session_replication_role = replica",
            """
            DO $$ DECLARE found record; BEGIN
                FOR found IN SELECT conrelid::regclass AS of_table, conname FROM pg_constraint
                             WHERE contype IN ('c', 'f') AND connamespace = 'public'::regnamespace AND conrelid <> 0 LOOP
                    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', found.of_table, found.conname);
                END LOOP;
                FOR found IN SELECT a.attrelid::regclass AS of_table, a.attname FROM pg_attribute a
                             JOIN pg_class c ON c.oid = a.attrelid
                             WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0
                               AND a.attnotnull AND a.attidentity = '' AND NOT EXISTS (
                                   SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary
                                     AND a.attnum = ANY (i.indkey)) LOOP
                    EXECUTE format('ALTER TABLE %s ALTER %I DROP NOT NULL', found.of_table, found.attname);
                END LOOP;
                FOR found IN SELECT tablename FROM pg_tables
                             WHERE schemaname = 'public' AND tablename <> 'schema_migrations' LOOP
                    EXECUTE format('TRUNCATE %I CASCADE', found.tablename);
                END LOOP;
            END $$
            """,
            "CREATE FUNCTION id(text) RETURNS uuid LANGUAGE sql IMMUTABLE AS 'SELECT md5($1)::uuid'",
        ] { _ = try await pool.query(statement) }
        var keys: [Table: SQL] = [:]
        for row in try await pool.query(
            """
            SELECT c.relname::text AS name, string_agg(format('%I::text', a.attname), ', ' ORDER BY a.attnum) AS columns
            FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
            WHERE i.indisprimary AND c.relnamespace = 'public'::regnamespace GROUP BY c.relname
            """)
        {
            guard let table = Table(rawValue: try row.value("name")) else { continue }
            keys[table] = "concat_ws('/', \(unsafeUnescaped: try row.value("columns", as: String.self)))"
        }
        var planted: [Table: [(key: String, row: PlantedRow)]] = [:]
        for row in PlantedRow.world {
            let inserted = try await pool.query(
                """
                INSERT INTO \(unsafeUnescaped: row.table.rawValue) (\(unsafeUnescaped: row.columns))
                VALUES (\(unsafeUnescaped: row.values)) RETURNING \(keys[row.table] ?? "''") AS key
                """)
            for row_ in inserted { planted[row.table, default: []].append((try row_.value("key"), row)) }
        }
        return ScopeBed(pool: pool, keys: keys, planted: planted)
    }

    /// Makes somebody the visitor of the transaction; nobody when there is no such person.
    private func entering(_ name: String) -> SQL {
        """
        SELECT visitor.become(\(Self.people[name]?.rawValue ?? "admin"), id(\(name)::text),
            \(Permission.standard.map(\.rawValue)), \(Permission.allCases.map(\.rawValue)))
        """
    }

    /// What a query gives in its column `key`: as the role of visitors, or as the owner, who sees everything.
    ///
    /// - Returns: nil when the role has no right to ask.
    func keys(of query: SQL, for name: String, behindPolicies: Bool) async throws -> Set<String>? {
        let entering = entering(name)
        return try await pool.run { session in
            do {
                let results = try session.begin(
                    with: [entering] + (behindPolicies ? [Credential.asVisitor] : []) + [query])
                try session.rollback()
                return Set(try results[results.count - 1].rows.map { try $0.value("key", as: String.self) })
            } catch let error as DatabaseError where error.sqlState == "42501" {
                return nil
            }
        }
    }
}
