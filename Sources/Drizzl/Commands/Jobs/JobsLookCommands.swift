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

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List jobs, newest first.",
            discussion: """
                Looks at \(Queue.listDepth) jobs at most: those first in line where --place names one, and else the \
                newest. So it is quick however much the queue holds, and may leave out what is rare and old.
                """)
        @Option(help: "Only this kind.")
        var kind: String?
        @Option(help: "Only this queue.")
        var queue: String?
        @Option(help: "Only those in this place.")
        var place: JobPlace?
        @Option(help: "Only those with this unique key or concurrency key.")
        var key: String?
        @Option(help: "Only those about this record.")
        var record: UUID?
        @Option(help: "Only those enqueued since: 2h, 2026-11-20 or 2026-11-20T08:00:00Z.", transform: JobsMoment.read)
        var since: Date?
        @Option(help: "How many at most.")
        var limit = 50
        @OptionGroup var output: Output

        func validate() throws {
            guard (1...1_000).contains(limit) else { throw ValidationError("--limit is a number from 1 to 1000.") }
        }

        func run() async throws {
            var filter = JobFilter()
            (filter.kind, filter.queue, filter.place) = (kind, queue, place)
            (filter.key, filter.record, filter.since) = (key, record, since)
            let jobs = try await JobsDesk.lend { [filter] desk in
                try await desk.pool.run { session in
                    try (session.pipeline([Queue.plansByIndex, Queue.list(filter, limit: limit)]).last?.rows ?? [])
                        .map { try JobSummary(row: $0) }
                }
            }
            output.show(.object(["jobs": .array(jobs.map(\.json))]), JobsText.list(jobs))
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
