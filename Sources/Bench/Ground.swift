import Database
import Foundation

/// The database that is filled and emptied, and what is around it.
struct Ground: Sendable {
    /// Its connection string, as superuser.
    let url: String
    /// The path of this program.
    let program: String
    /// The folder of the lifecycle files.
    let workflows: URL
    /// For the bench's own questions.
    let pool: Pool
    /// The clock.
    let now: @Sendable () -> Date

    /// One number.
    func number(_ statement: SQL) async throws -> Int {
        try await pool.query(statement).first?.value("number") ?? 0
    }

    /// Bytes of WAL written since the server was made.
    func wal() async throws -> Int {
        try await number("SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint AS number")
    }

    /// Processor time of all of the server's processes, in microseconds.
    ///
    /// Read from `/proc`, so on one machine with the server; those that have ended since count by their parent.
    func serverMicroseconds() async throws -> Int {
        let data: String = try await pool.query("SHOW data_directory").first?.value("data_directory") ?? ""
        let lines = try String(contentsOfFile: data + "/postmaster.pid", encoding: .utf8).split(separator: "\n")
        guard let postmaster = lines.first.flatMap({ Int($0) }) else { return 0 }
        var ticks = try Self.stat(of: postmaster, 14...17)
        for entry in try FileManager.default.contentsOfDirectory(atPath: "/proc") {
            guard let process = Int(entry), (try? Self.stat(of: process, 4...4)) == postmaster else { continue }
            ticks += (try? Self.stat(of: process, 14...15)) ?? 0
        }
        return ticks * 1_000_000 / sysconf(Int32(_SC_CLK_TCK))
    }

    /// The sum of numbered fields of `/proc/PID/stat`; see proc(5).
    private static func stat(of process: Int, _ numbers: ClosedRange<Int>) throws -> Int {
        let text = try String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        // Behind the name, which may contain anything; the next field is the third.
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ").dropFirst()
        return numbers.reduce(0) { $0 + (Int(fields[fields.startIndex + $1 - 3]) ?? 0) }
    }

    /// Makes the tables as they would be after a quiet night.
    func settle() async throws {
        for table in ["jobs", "ready", "leases", "attempts", "scheduled"] {
            _ = try await pool.query("VACUUM ANALYZE queue.\(unsafeUnescaped: table)")
        }
        _ = try await pool.query("CHECKPOINT")
    }
}
