public import ArgumentParser
import Database
import Foundation
public import Jobs
import StateMachines

/// `drizzl jobs`: the queue, by hand.
struct JobsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs", abstract: "Look at jobs, and retry, cancel, discard, redrive or pause them.",
        discussion: "Works on the database of DATABASE_URL. What is done is recorded with who and why.",
        subcommands: [
            Overview.self, List.self, Show.self, Retry.self, RunNow.self, Cancel.self, Discard.self, Redrive.self,
            Pause.self, Resume.self,
        ], defaultSubcommand: Overview.self)

    /// How the answer is written.
    struct Output: ParsableArguments {
        @Flag(help: "As JSON, for programs.")
        var json = false

        /// Prints a value for programs, or a text for people.
        func show(_ value: @autoclosure () -> JSONValue, _ text: @autoclosure () -> String) {
            say(json ? value().json : text())
        }
    }

    /// Who does it, and why.
    struct Wish: ParsableArguments {
        @Option(help: "Why; kept with what is done.")
        var reason: String
        @Option(help: "Who does it; without it, the user of this terminal.")
        var by: String?

        var note: OperatorNote { OperatorNote(name: by ?? NSUserName(), reason: reason) }

        func validate() throws {
            guard !reason.allSatisfy(\.isWhitespace) else { throw ValidationError("Say with --reason why.") }
        }
    }
}

/// What the commands work with: the queue alone, for they have to work when the rest does not.
struct JobsDesk: Sendable {
    let pool: Pool
    let waker: QueueWaker
    let settings: Settings

    /// Lends a desk at the configured database, and tells other processes what happened before it closes.
    static func lend<Value>(_ body: (JobsDesk) async throws -> Value) async throws -> Value {
        let settings = try Settings.current()
        var database = settings.database(at: try settings.demandDatabaseURL(), role: "drizzl_app")
        database.applicationName = "drizzl jobs"
        let pool = Pool(database)
        let desk = JobsDesk(pool: pool, waker: QueueWaker(pool: pool), settings: settings)
        do {
            let value = try await body(desk)
            await desk.waker.settle()
            await pool.close()
            return value
        } catch {
            await pool.close()
            throw error
        }
    }

    /// The person who does something.
    func person(_ wish: JobsCommand.Wish) -> JobOperator {
        JobOperator(pool: pool, waker: waker, note: wish.note, now: settings.now)
    }
}

// The parser reads texts and numbers only, and neither module will ever know the other.
extension JobID: ExpressibleByArgument {
    /// Reads the number in digits.
    public init?(argument: String) {
        guard let number = Int64(argument) else { return nil }
        self.init(rawValue: number)
    }
}

extension JobPlace: ExpressibleByArgument {}
