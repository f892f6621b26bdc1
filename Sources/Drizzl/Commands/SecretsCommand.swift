import ArgumentParser
import Database
import Foundation
import StateMachines
import Workflows

/// `drizzl secrets`: what is kept sealed.
struct SecretsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secrets", abstract: "Look after what is kept sealed.", subcommands: [Reseal.self])

    /// `drizzl secrets reseal`.
    struct Reseal: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Seal everything with the present key, so that earlier ones can go.",
            discussion: """
                After DRIZZL_SECRET_KEY was changed and every process knows the former one by \
                DRIZZL_EARLIER_SECRET_KEYS. It may run while they do, and again.
                """)

        func run() async throws {
            let settings = try Settings.current()
            let pool = Pool(settings.database(at: try settings.demandDatabaseURL()))
            do {
                say(try await Self.reseal(with: try settings.secretBox(), pool, now: settings.now()))
                await pool.close()
            } catch {
                await pool.close()
                throw error
            }
        }

        /// Seals all of it in one transaction, and keeps in the audit log that it was done.
        ///
        /// - Returns: What was done, a line for each column.
        static func reseal(with box: SecretBox, _ pool: Pool, now: Date) async throws -> String {
            try await pool.transaction { session in
                var lines: [String] = []
                var counts: [String: JSONValue] = [:]
                for column in SealedColumn.all {
                    let done = try column.reseal(with: box, in: session)
                    lines.append("\(column): \(done.anew) sealed anew, \(done.current) had been")
                    if done.anew > 0 { counts["\(column)"] = .integer(Int64(done.anew)) }
                }
                let entry = AuditEntry(
                    actor: .system, action: "secrets.reseal", subjectType: "secrets", subjectID: nil, after: counts,
                    reason: "drizzl secrets reseal", at: now)
                try session.execute(entry.insert)
                return lines.joined(separator: "\n")
            }
        }
    }
}
