public import ArgumentParser
import Database
public import Foundation
import StateMachines
import Workflows

/// `drizzl transition`: an operator's tools for one record, when nothing else helps.
struct TransitionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transition", abstract: "Repair a record, call off a timer or close a task by hand.",
        subcommands: [Repair.self, CallOff.self, CloseTask.self])

    /// The record that is meant.
    struct Target: ParsableArguments {
        @Argument(help: "The machine, such as invoice.")
        var machine: String
        @Argument(help: "The record's id.")
        var record: UUID
    }

    struct Repair: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Set a record's state by hand: no jobs, nothing follows, timers are derived again.")
        @OptionGroup var target: Target
        @Argument(help: "The state it is to be in.")
        var state: String
        @Option(help: "Why; kept in the record's history.")
        var reason: String
        @Option(help: "The second person who agreed; kept as well.")
        var second: String

        func run() async throws {
            try await House.operate(on: target, ["reason": .string(reason), "second": .string(second)]) {
                house, command in
                try await house.engine.repair(to: state, command, now: house.now())
            }
        }
    }

    struct CallOff: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "call-off",
            abstract: "Call off one firing of an armed timer; if it repeats, the next one stays.")
        @OptionGroup var target: Target
        @Argument(help: "The timer's name.")
        var timer: String
        @Option(help: "Why; kept in the record's history.")
        var reason: String

        func run() async throws {
            try await House.operate(on: target, ["reason": .string(reason)]) { house, command in
                try await house.engine.callOff(timer: timer, command, now: house.now())
            }
        }
    }

    struct CloseTask: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "close-task", abstract: "Close an open task of a record, with a note.")
        @OptionGroup var target: Target
        @Argument(help: "The task's name.")
        var task: String
        @Option(help: "What was done about it.")
        var note: String

        func run() async throws {
            guard !note.isEmpty else { throw ValidationError("Say with --note what was done about it.") }
            try await House.lend { house in
                let closed = try await house.engine.close(
                    task: task, of: target.machine, record: target.record, note: note, now: house.now())
                guard closed else {
                    say("The record has no open task \"\(task)\".")
                    throw ExitCode.failure
                }
                say("closed")
            }
        }
    }
}

// The parser reads texts and numbers only, and neither module will ever know the other.
extension UUID: @retroactive ExpressibleByArgument {
    /// Reads the usual form.
    public init?(argument: String) { self.init(uuidString: argument) }
}

extension House {
    /// Whoever works at this installation's terminal.
    var operatorActor: Actor {
        Actor(kind: .admin, role: "admin", permissions: Set(files.vocabulary.permissions.map(\.text) + ["ops.manage"]))
    }

    /// Lends the house on the configured database, and closes it whatever happens.
    fileprivate static func lend(_ body: (House) async throws -> Void) async throws {
        let house = try await House.onConfiguredDatabase()
        do {
            try await body(house)
            await house.pool.close()
        } catch {
            await house.pool.close()
            throw error
        }
    }

    /// Does something to one record, and says what became of it.
    fileprivate static func operate(
        on target: TransitionCommand.Target, _ inputs: [String: JSONValue],
        _ body: (House, Command) async throws -> Outcome
    ) async throws {
        try await lend { house in
            let command = Command(
                id: UUID(), machine: target.machine, record: target.record, move: "operate", inputs: inputs,
                actor: house.operatorActor)
            switch try await body(house, command) {
            case .done(let receipt):
                say("\(target.machine) \(target.record): \(receipt.state), event \(receipt.seq)")
                for next in receipt.next { say("  then: \(next.will)") }
            case .refused(let refusal):
                for reason in refusal.reasons { say(reason.message) }
                throw ExitCode.failure
            }
        }
    }
}
