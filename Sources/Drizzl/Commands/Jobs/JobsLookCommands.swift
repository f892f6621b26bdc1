import ArgumentParser
import Database
import Foundation
import Jobs
import StateMachines
import WebAPI

extension JobsCommand {
    struct Overview: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Say what each queue holds, and what is paused.")
        @OptionGroup var output: Output

        func run() async throws {
            let (queues, pauses) = try await JobsDesk.lend { desk in
                try await desk.pool.run { session in
                    (try QueueOverview.all(in: session), try session.query(Queue.pauses()).map(JobPause.init))
                }
            }
            output.show(
                .object(["queues": .array(queues.map(\.json)), "pauses": .array(pauses.map(\.json))]),
                JobsText.overview(queues, pauses))
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tell a job's whole story: what it is, where it is, what became of each attempt.")
        @Argument(help: "The job's number.")
        var job: JobID
        @OptionGroup var output: Output

        func run() async throws {
            let (details, told) = try await JobsDesk.lend { desk in
                try await desk.pool.run { session in
                    (try JobDetails(of: job, in: session), try ToldOfJob(of: job, in: session))
                }
            }
            guard let details else { throw JobsCommand.NoSuchJob(job: job) }
            guard case .object(let story) = try details.json, case .object(let said) = try told.json else { return }
            output.show(.object(story.merging(said) { first, _ in first }), JobsText.story(details, told))
        }
    }

    /// Nobody knows the job.
    struct NoSuchJob: Error, CustomStringConvertible {
        let job: JobID

        var description: String { "There is no job \(job), or no longer." }
    }
}
