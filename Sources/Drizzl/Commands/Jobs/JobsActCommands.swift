import ArgumentParser
import Database
import Foundation
import Jobs
import StateMachines
import WebAPI

extension JobsCommand {
    /// The jobs that are meant.
    struct Targets: ParsableArguments {
        @Argument(help: "The jobs' numbers.")
        var jobs: [JobID]
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run dead, scheduled, held or cancelled jobs at once.",
            discussion: """
                They have all their attempts before them; those of a job that was cancelled count on. With --payload or --payload-file a dead letter is replaced by a new job that gets this instead. A job that \
                is held by the pause of its kind passes it alone.
                """)
        @OptionGroup var targets: Targets
        @Option(help: "What the handler gets instead, as JSON; for one dead letter.")
        var payload: String?
        @Option(help: "A file with what the handler gets instead; - is standard input.")
        var payloadFile: String?
        @OptionGroup var wish: Wish
        @OptionGroup var output: Output

        func validate() throws {
            guard payload == nil || payloadFile == nil else {
                throw ValidationError("Give --payload or --payload-file, not both.")
            }
            guard payload == nil && payloadFile == nil || targets.jobs.count == 1 else {
                throw ValidationError("One payload is for one job.")
            }
        }

        func run() async throws {
            guard let text = try newPayload() else {
                return try await answer(output, .retry) { try await $0.person(wish).retry(targets.jobs) }
            }
            try await answer(output, .edit) { desk in
                let seal = try desk.settings.payloadSeal()
                return [try await desk.person(wish).replace(targets.jobs[0], payload: JSON(text: text), seal: seal)]
            }
        }

        private func newPayload() throws -> String? {
            let data: Data? =
                switch payloadFile {
                case nil: payload.map { Data($0.utf8) }
                case "-": try FileHandle.standardInput.readToEnd() ?? Data()
                case .some(let path): try Data(contentsOf: URL(fileURLWithPath: path))
                }
            guard let data else { return nil }
            guard (try? JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed)) != nil else {
                throw ValidationError("The new payload is no JSON.")
            }
            return String(decoding: data, as: UTF8.self)
        }
    }

    struct RunNow: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run scheduled jobs at once; their attempts count on.")
        @OptionGroup var targets: Targets
        @OptionGroup var wish: Wish
        @OptionGroup var output: Output

        func run() async throws {
            try await answer(output, .runNow) { try await $0.person(wish).runNow(targets.jobs) }
        }
    }

    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Call jobs off: at once where nobody has begun; a running one is stopped soon.")
        @OptionGroup var targets: Targets
        @OptionGroup var wish: Wish
        @OptionGroup var output: Output

        func run() async throws {
            try await answer(output, .cancel) { try await $0.person(wish).cancel(targets.jobs) }
        }
    }

    struct Discard: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give dead letters up for good; what waits for them is cancelled.")
        @OptionGroup var targets: Targets
        @OptionGroup var wish: Wish
        @OptionGroup var output: Output

        func run() async throws {
            try await answer(output, .discard) { try await $0.person(wish).discard(targets.jobs) }
        }
    }
}

extension ParsableCommand {
    /// Says what became of each job; fails when something was not done.
    fileprivate func answer(
        _ output: JobsCommand.Output, _ action: OperatorAction, _ body: (JobsDesk) async throws -> [OperatedJob]
    ) async throws {
        let jobs = try await JobsDesk.lend(body)
        output.show(
            .object(["jobs": .array(jobs.map(\.json))]),
            jobs.map { JobsText.outcome(of: action, $0) }.joined(separator: "\n"))
        guard jobs.allSatisfy(\.isDone) else { throw ExitCode.failure }
    }
}
