import ArgumentParser
import Database
import Foundation
import Jobs
import StateMachines
import WebAPI

extension JobsCommand {
    /// `drizzl jobs list`: the search of the ops console and of the API.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List jobs, newest first.",
            discussion: """
                Looks at \(Queue.listDepth) jobs at a time, and says where it goes on: --cursor. Moments are written as \
                2h (that long ago), 2026-11-20 or 2026-11-20T08:00:00Z.
                """)
        @Option(help: "Only this kind.")
        var kind: String?
        @Option(help: "Only this queue.")
        var queue: String?
        @Option(help: "Only those in this place.")
        var place: JobPlace?
        @Flag(help: "Only those that failed and wait to be tried again.")
        var retrying = false
        @Option(help: "Only those with this unique key or concurrency key.")
        var key: String?
        @Option(help: "Only those about this record, by its id.")
        var record: UUID?
        @Option(help: "Only those about this record, by its number, such as INV-10284.")
        var subject: String?
        @Option(help: "Only those that failed with this in the message.")
        var error: String?
        @Option(help: "Only those that this worker has or had, by its number.")
        var worker: String?
        @Option(help: "Only those enqueued since.", transform: JobsMoment.read)
        var since: Date?
        @Option(help: "Only those enqueued before.", transform: JobsMoment.read)
        var until: Date?
        @Option(help: "Only those that ended since.", transform: JobsMoment.read)
        var endedSince: Date?
        @Option(help: "Only those that ended before.", transform: JobsMoment.read)
        var endedUntil: Date?
        @Option(help: "Go on behind this job.")
        var cursor: JobID?
        @Option(help: "How many at most.")
        var limit = 50
        @OptionGroup var output: Output

        func validate() throws {
            guard (1...1_000).contains(limit) else { throw ValidationError("--limit is a number from 1 to 1000.") }
            guard !retrying || place == nil || place == .scheduled else {
                throw ValidationError("Jobs that wait to be tried again are scheduled.")
            }
            guard worker.map({ Int64($0, radix: 16) != nil }) ?? true else {
                throw ValidationError("--worker is a number as `drizzl workers` writes it.")
            }
        }

        func run() async throws {
            let (search, limit) = (JobSearch(query), limit)
            let part = try await JobsDesk.lend { desk in
                try await desk.pool.run { try search.page(limit: limit, in: $0) }
            }
            let jobs = part?.jobs ?? []
            let more = part?.next.map { "\nThere is more: --cursor \($0)" } ?? ""
            output.show(
                .object([
                    "jobs": .array(jobs.map(\.json)),
                    "next_cursor": part?.next.map { .string($0.description) } ?? .null,
                ]),
                JobsText.list(jobs) + more)
        }

        /// The search as the API is asked for it.
        private var query: [String: String] {
            let asked: [String: String?] = [
                "kind": kind, "queue": queue, "place": retrying ? JobPlace.scheduled.rawValue : place?.rawValue,
                "retrying": retrying ? "true" : nil, "key": key, "record": record?.uuidString, "subject": subject,
                "error": error, "worker": worker, "cursor": cursor?.description, "since": since.map(Timestamp.text),
                "until": until.map(Timestamp.text), "ended_since": endedSince.map(Timestamp.text),
                "ended_until": endedUntil.map(Timestamp.text),
            ]
            return asked.compactMapValues(\.self)
        }
    }
}
