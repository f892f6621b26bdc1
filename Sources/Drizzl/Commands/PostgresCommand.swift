import ArgumentParser
import Foundation

/// `drizzl postgres`: the private PostgreSQL, by hand.
struct PostgresCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "postgres",
        abstract: "The private PostgreSQL of this machine: start, stop, status, url, remove.",
        discussion: "`drizzl up` starts it by itself unless DATABASE_URL is set.",
        subcommands: [Start.self, Stop.self, ShowStatus.self, ShowURL.self, Remove.self])

    /// Which cluster is meant.
    struct Place: ParsableArguments {
        @Option(help: "The directory that the cluster is kept in.")
        var directory = ".drizzl/postgres"

        var cluster: PrivateCluster { PrivateCluster(directory: directory) }
    }

    /// Which role the connection string is for.
    struct Audience: ParsableArguments {
        @Flag(help: "The connection string of the superuser, for tests and repairs.")
        var superuser = false

        func url(_ running: PrivateCluster.Running) -> String { superuser ? running.superuserURL : running.url }
    }

    struct Start: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Start it, making it first when there is none; prints the connection string as the last line.")
        @OptionGroup var place: Place
        @OptionGroup var audience: Audience

        func run() throws {
            let cluster = place.cluster
            let running = try cluster.start()
            // To standard error: standard output is the connection string, for scripts.
            if let notice = cluster.locationNotice(running.home) {
                FileHandle.standardError.write(Data("\(notice)\n".utf8))
            }
            print(audience.url(running))
        }
    }

    struct Stop: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Stop it; the data stays.")
        @OptionGroup var place: Place

        func run() throws {
            print(try place.cluster.stop() ? "stopped" : "was not running")
        }
    }

    struct ShowStatus: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "status", abstract: "Say whether it runs; exits with 3 when it does not.")
        @OptionGroup var place: Place

        func run() throws {
            switch try place.cluster.status() {
            case .running(let pid):
                print("running, process \(pid)")
            case .stopped:
                print("stopped")
                throw ExitCode(3)
            case .notCreated:
                print("there is none in \(place.cluster.directory)")
                throw ExitCode(3)
            }
        }
    }

    struct ShowURL: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "url", abstract: "Print the connection string, whether it runs or not.")
        @OptionGroup var place: Place
        @OptionGroup var audience: Audience

        func run() throws {
            guard let running = try place.cluster.running() else {
                throw ValidationError("There is no cluster in \(place.cluster.directory); `start` makes one.")
            }
            print(audience.url(running))
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Stop it and delete it, with all its data.")
        @OptionGroup var place: Place
        @Flag(help: "Yes, delete the data.")
        var yes = false

        func run() throws {
            guard yes else {
                throw ValidationError("This deletes all data in \(place.cluster.directory). Say --yes if you mean it.")
            }
            try place.cluster.remove()
            print("removed")
        }
    }
}
