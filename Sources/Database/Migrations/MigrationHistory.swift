/// What the database says has been applied to it.
struct MigrationHistory {
    struct Entry {
        let version: Int
        let name: String
        let checksum: String
    }

    let entries: [Entry]

    /// Reads the history; empty when there is no table for it yet.
    init(reading session: Session) throws(DatabaseError) {
        let table = try session.first("SELECT to_regclass('public.schema_migrations') IS NOT NULL AS exists")
        guard try table?.value("exists") == true else {
            entries = []
            return
        }
        let rows = try session.query("SELECT version, name, checksum FROM public.schema_migrations ORDER BY version")
        var entries: [Entry] = []
        for row in rows {
            entries.append(
                Entry(
                    version: try row.value("version"), name: try row.value("name"),
                    checksum: try row.value("checksum")))
        }
        self.entries = entries
    }

    static let createTable: SQL = """
        CREATE TABLE IF NOT EXISTS public.schema_migrations (
          version    integer     NOT NULL PRIMARY KEY CHECK (version > 0),
          name       text        NOT NULL,
          checksum   text        NOT NULL,
          applied_at timestamptz NOT NULL DEFAULT now()
        )
        """

    /// Finds what is still to be applied.
    ///
    /// - Throws: ``MigrationError/invalid(_:)`` with everything in which files and history disagree.
    func pending(_ files: [MigrationFile]) throws(MigrationError) -> [MigrationFile] {
        var faults: [String] = []
        let filesByVersion = Dictionary(uniqueKeysWithValues: files.map { ($0.version, $0) })
        for entry in entries {
            guard let file = filesByVersion[entry.version] else {
                faults.append("\(entry.name) is applied but has no file: the database is newer than this program")
                continue
            }
            if file.name != entry.name {
                faults.append("\(file.name) was applied under the name \(entry.name)")
            } else if file.checksum != entry.checksum {
                faults.append("\(file.name) was changed after it had been applied; write a new migration instead")
            }
        }
        let applied = Set(entries.map(\.version))
        let newest = applied.max() ?? 0
        let pending = files.filter { !applied.contains($0.version) }
        for file in pending where file.version < newest {
            faults.append("\(file.name) is not applied though a later one is")
        }
        guard faults.isEmpty else { throw .invalid(faults) }
        return pending
    }
}
