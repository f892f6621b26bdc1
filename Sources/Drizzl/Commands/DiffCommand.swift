import ArgumentParser
import Database
import Foundation
import StateMachines
import Workflows

/// `drizzl workflows diff`: what a change of the lifecycle files means, before it is taken over.
struct DiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Say in which moves, states and timers two folders of lifecycle files differ.",
        discussion: """
            With --database or DATABASE_URL each change tells how many records it touches: those in the states in which \
            it is felt. Exits with 1 when one of the folders has faults.
            """)

    @Argument(help: "The folder of the files in force.")
    var older: String
    @Argument(help: "The folder of the files that are to come.")
    var newer: String
    @Option(help: "The connection string of the database whose records are counted.")
    var database: String?
    @Flag(help: "As JSON, for programs.")
    var json = false

    func run() async throws {
        let (older, newer) = (try load(older), try load(newer))
        let difference = WorkflowDifference(from: older, to: newer)
        let counts = await counts(of: older)
        print(json ? difference.json(counts: counts) : difference.text(counts: counts), terminator: "")
    }

    private func load(_ directory: String) throws -> WorkflowFiles {
        do {
            return try WorkflowFiles.checked(in: URL(fileURLWithPath: directory))
        } catch let faults as WorkflowFaults {
            say("\(faults)")
            throw ExitCode.failure
        }
    }

    /// - Returns: nil without a database; of one that cannot be read nothing is known.
    private func counts(of files: WorkflowFiles) async -> RecordCounts? {
        do {
            guard let url = try database ?? Settings.current().databaseURL else { return nil }
            let pool = Pool(DatabaseConfiguration(url: url, maximumConnections: 1))
            do {
                let counts = try await LiveRecords.counts(of: files.machines, on: pool)
                await pool.close()
                return counts
            } catch {
                await pool.close()
                throw error
            }
        } catch {
            FileHandle.standardError.write(Data("The records cannot be counted: \(error)\n".utf8))
            return [:]
        }
    }
}
