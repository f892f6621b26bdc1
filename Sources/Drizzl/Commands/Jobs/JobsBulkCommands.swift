import ArgumentParser
import Foundation
import Jobs
import StateMachines
import WebAPI

extension JobsCommand {
    struct Redrive: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run many dead letters again, those that died first before the others.",
            discussion: """
                In portions of a transaction each. It may be interrupted, and run again: nothing is run twice. Letters \
                that die meanwhile are not meant.
                """)
        @Option(help: "Only this kind.")
        var kind: String?
        @Option(help: "Only this queue.")
        var queue: String?
        @Option(help: "Only those that died of this: attempts, discarded, worker_lost or undecodable.")
        var because: String?
        @Option(help: "Only those that died since: 2h, 2026-11-20 or 2026-11-20T08:00:00Z.", transform: JobsMoment.read)
        var since: Date?
        @Option(help: "Only those that died before.", transform: JobsMoment.read)
        var until: Date?
        @Flag(help: "All dead letters.")
        var all = false
        @Option(help: "How many a second at most.")
        var rate: Int?
        @OptionGroup var wish: Wish
        @OptionGroup var output: Output

        private static let reasons = ["attempts", "discarded", "worker_lost", "undecodable"]

        func validate() throws {
            let isNarrow = [kind, queue, because].contains { $0 != nil } || since != nil || until != nil
            guard isNarrow != all else { throw ValidationError("Say which dead letters are meant, or --all.") }
            guard rate.map({ $0 > 0 }) ?? true else { throw ValidationError("--rate is a number from 1.") }
            guard because.map(Self.reasons.contains) ?? true else {
                throw ValidationError("--because is one of \(Self.reasons.joined(separator: ", ")).")
            }
        }

        func run() async throws {
            var filter = DeadFilter()
            (filter.kind, filter.queue, filter.reason) = (kind, queue, because)
            (filter.since, filter.until) = (since, until)
            let result = try await JobsDesk.lend { [filter] desk in
                try await desk.person(wish).redrive(filter, rate: rate) { progress in
                    let expected =
                        progress.expected > RedriveProgress.bound
                        ? "more than \(RedriveProgress.bound)" : "\(progress.expected)"
                    let line = "\(progress.raised + progress.left) of \(expected)\n"
                    FileHandle.standardError.write(Data(line.utf8))
                }
            }
            output.show(
                .object(["raised": .integer(Int64(result.raised)), "left": .integer(Int64(result.left))]),
                "\(result.raised) run again"
                    + (result.left == 0 ? "" : "; \(result.left) stay dead, for other jobs have their unique keys"))
        }
    }

    /// What is paused.
    struct Scope: ParsableArguments {
        enum Noun: String, ExpressibleByArgument, CaseIterable { case queue, kind, key }

        @Argument(help: "queue, kind or key.")
        var noun: Noun
        @Argument(help: "Its name.")
        var name: String

        var scope: PauseScope {
            switch noun {
            case .queue: .queue(name)
            case .kind: .kind(name)
            case .key: .key(name)
            }
        }

        func validate() throws {
            guard (1...(noun == .queue ? 50 : 500)).contains(name.utf8.count) else {
                throw ValidationError("No \(noun.rawValue) has a name of \(name.utf8.count) bytes.")
            }
        }
    }

    struct Pause: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let no jobs of a queue, kind or concurrency key begin; those that run go on.")
        @OptionGroup var scope: Scope
        @OptionGroup var wish: Wish
        @OptionGroup var output: Output

        func run() async throws {
            let pause = try await JobsDesk.lend { try await $0.person(wish).pause(scope.scope) }
            guard let pause else { return say("It was resumed by somebody else at this moment.") }
            output.show(pause.json, JobsText.pause(pause))
        }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let the jobs of a queue, kind or key begin again.")
        @OptionGroup var scope: Scope
        @OptionGroup var wish: Wish
        @OptionGroup var output: Output

        func run() async throws {
            let isDone = try await JobsDesk.lend { try await $0.person(wish).resume(scope.scope) }
            let what = "The \(scope.noun.rawValue) \(scope.name)"
            output.show(.object(["resumed": .boolean(isDone)]), isDone ? "\(what) goes on." : "\(what) was not paused.")
            guard isDone else { throw ExitCode.failure }
        }
    }
}
