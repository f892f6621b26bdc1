import Database

/// Brings a database back to what was in it at first, faster than making a new one.
enum DatabaseReset {
    /// Keeps a copy of every table that is not empty.
    static func prepare(_ session: Session) throws {
        let exists = try session.query("SELECT to_regnamespace('scenario') IS NOT NULL AS there")
        guard try exists.first?.value("there", as: Bool.self) != true else { return }
        _ = try session.query(
            """
            DO $$
            DECLARE
                t record;
                is_empty boolean;
            BEGIN
                CREATE SCHEMA scenario;
                FOR t IN \(unsafeUnescaped: tables) LOOP
                    EXECUTE format('SELECT NOT EXISTS (SELECT FROM %I.%I)', t.nspname, t.relname) INTO is_empty;
                    IF NOT is_empty THEN
                        EXECUTE format('CREATE TABLE scenario.%I AS TABLE %I.%I',
                            t.nspname || '.' || t.relname, t.nspname, t.relname);
                    END IF;
                END LOOP;
            END $$
            """)
    }

    /// Deletes everything and puts the copies back, without triggers and foreign keys.
    static func reset(_ session: Session) throws {
        _ = try session.query(
            """
            DO $$
            DECLARE
                t record;
                columns text;
            BEGIN
                SET LOCAL session_replication_role = replica;
                FOR t IN \(unsafeUnescaped: tables) LOOP
                    EXECUTE format('DELETE FROM %I.%I', t.nspname, t.relname);
                    IF to_regclass(format('scenario.%I', t.nspname || '.' || t.relname)) IS NOT NULL THEN
                        SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO columns FROM pg_attribute
                        WHERE attrelid = t.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
                        EXECUTE format('INSERT INTO %I.%I (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM scenario.%I',
                            t.nspname, t.relname, columns, columns, t.nspname || '.' || t.relname);
                    END IF;
                END LOOP;
            END $$
            """)
    }

    /// Tables with rows of their own, those of the migrations excepted.
    private static let tables = """
        SELECT c.oid, n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname IN ('public', 'queue') AND c.relkind = 'r' AND c.relname <> 'schema_migrations'
        """
}
