import ArgumentParser
import Foundation
import StateMachines

/// `drizzl workflows`: the lifecycle files.
struct WorkflowsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workflows", abstract: "Check, compare, draw, describe and try out the lifecycle files.",
        subcommands: [Check.self, DiffCommand.self, Diagram.self, Docs.self, SimulateCommand.self])

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Report every fault of every file at once; exits with 1 when there is one.")
        @Argument(help: "The folder of the files.")
        var directory = "workflows"
        @Flag(help: "As JSON, for programs.")
        var json = false

        func run() throws {
            let report = CheckReport(directory: URL(fileURLWithPath: directory))
            print(json ? report.json() : report.text())
            if report.hasErrors { throw ExitCode.failure }
        }
    }

    struct Diagram: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Draw one lifecycle as Mermaid or DOT.")

        enum Form: String, ExpressibleByArgument, CaseIterable {
            case mermaid, dot
        }

        @Argument(help: "The machine, such as invoice.")
        var machine: String
        @Option(help: "mermaid or dot.")
        var form = Form.mermaid
        @Option(help: "The folder of the files.")
        var directory = "workflows"

        func run() throws {
            let files = try WorkflowFiles.checked(in: URL(fileURLWithPath: directory))
            guard let machine = files.machine(named: machine) else {
                let known = files.machines.map(\.name.text).sorted().joined(separator: ", ")
                throw ValidationError("There is no machine \"\(machine)\". There are: \(known).")
            }
            print(form == .dot ? machine.dot : machine.mermaid)
        }
    }
}
