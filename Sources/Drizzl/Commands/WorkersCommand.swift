public import ArgumentParser
import Database
import Foundation
public import Jobs
import StateMachines
import WebAPI

/// `drizzl workers`: the processes that work.
struct WorkersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workers", abstract: "Show the processes that work; drain one, and let it take jobs again.",
        subcommands: [List.self, Drain.self, Resume.self], defaultSubcommand: List.self)

    /// `drizzl workers list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show each process: what it serves, and how many jobs it has in hand.")
        @OptionGroup var output: JobsCommand.Output

        func run() async throws {
            let workers = try await JobsDesk.lend { desk in
                try await desk.pool.query(Queue.workers()).map { try QueueWorker(row: $0) }
            }
            output.show(.object(["workers": .array(workers.map(\.json))]), Self.text(workers))
        }

        private static func text(_ workers: [QueueWorker]) -> String {
            guard !workers.isEmpty else { return "Nobody works. Start somebody: drizzl work" }
            var table = TextTable("WORKER", "PROCESS", "QUEUES", "RUNNING", "SINCE", "STATE")
            for worker in workers {
                table.add(
                    "\(WorkerID(rawValue: worker.id))", worker.name, worker.queues.joined(separator: ","),
                    "\(worker.leases.count)", JobsText.moment(worker.startedAt), state(worker))
            }
            return table.text
        }

        private static func state(_ worker: QueueWorker) -> String {
            guard let drain = worker.drain else { return "takes jobs" }
            let word = worker.leases.isEmpty ? "drained" : "draining"
            return "\(word) since \(JobsText.moment(drain.since)) by \(drain.name): \(drain.reason)"
        }
    }

    /// `drizzl workers drain`.
    struct Drain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a worker take nothing new; what it runs goes on to its end.",
            discussion: "It lasts until it is resumed or the process ends.")
        @Argument(help: "The worker's number.")
        var worker: WorkerID
        @OptionGroup var wish: JobsCommand.Wish

        func run() async throws {
            guard try await JobsDesk.lend({ try await $0.person(wish).drain(worker) }) else {
                throw NoSuchWorker(worker: worker)
            }
            say("The worker \(worker) takes nothing new.")
        }
    }

    /// `drizzl workers resume`.
    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let a worker that is drained take jobs again.")
        @Argument(help: "The worker's number.")
        var worker: WorkerID
        @OptionGroup var wish: JobsCommand.Wish

        func run() async throws {
            guard try await JobsDesk.lend({ try await $0.person(wish).resume(worker) }) else {
                throw NoSuchWorker(worker: worker)
            }
            say("The worker \(worker) takes jobs again.")
        }
    }

    /// Nobody has the number, or it was not drained.
    struct NoSuchWorker: Error, CustomStringConvertible {
        let worker: WorkerID

        var description: String { "There is no worker \(worker) that this could be done to." }
    }
}

// The parser reads texts and numbers only, and neither module will ever know the other.
extension WorkerID: ExpressibleByArgument {
    /// Reads the number in hexadecimal digits.
    public init?(argument: String) {
        guard let number = Int64(argument, radix: 16) else { return nil }
        self.init(rawValue: number)
    }
}
