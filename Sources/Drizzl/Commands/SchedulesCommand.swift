import ArgumentParser
import Database
import Foundation
import Jobs

/// `drizzl schedules`: what happens again and again.
struct SchedulesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedules", abstract: "Show, hold and resume what happens again and again.",
        subcommands: [List.self, Pause.self, Resume.self], defaultSubcommand: List.self)

    /// `drizzl schedules list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show each schedule: when it fires next, when it fired last, and the job of that time.")

        @Flag(help: "As JSON, for programs.")
        var json = false

        func run() async throws {
            let schedules = try await SchedulesCommand.withPool { pool, _ in
                try await pool.query(Queue.schedules()).map { try StoredSchedule(row: $0) }
            }
            if json {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
                encoder.dateEncodingStrategy = .iso8601
                print(String(decoding: try encoder.encode(schedules.map(Line.init)), as: UTF8.self))
            } else if schedules.isEmpty {
                print("There are no schedules. A scheduler declares them when it starts (drizzl up, drizzl schedule).")
            } else {
                print(schedules.map { Line($0).text }.joined(separator: "\n\n"))
            }
        }
    }

    /// `drizzl schedules pause`.
    struct Pause: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Hold a schedule: it fires no more until resumed.")

        @Argument(help: "The schedule's name.")
        var name: String
        @Option(help: "Why; shown with it, and kept.")
        var reason = ""

        func run() async throws {
            let isThere = try await SchedulesCommand.withPool { pool, now in
                try await SchedulesCommand.person(pool, now, reason).pauseSchedule(name)
            }
            guard isThere else { throw SchedulesCommand.unknown(name) }
            print("\"\(name)\" is held; drizzl schedules resume lets it fire again.")
        }
    }

    /// `drizzl schedules resume`.
    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a schedule fire again, at its next moment; what passed meanwhile is not made up for.")

        @Argument(help: "The schedule's name.")
        var name: String

        func run() async throws {
            let isThere = try await SchedulesCommand.withPool { pool, now in
                try await SchedulesCommand.person(pool, now, "").resumeSchedule(name)
            }
            guard isThere else { throw SchedulesCommand.unknown(name) }
            print("\"\(name)\" fires again.")
        }
    }

    private static func person(_ pool: Pool, _ now: Date, _ reason: String) -> JobOperator {
        JobOperator(
            pool: pool, waker: QueueWaker(pool: pool), note: OperatorNote(name: NSUserName(), reason: reason),
            now: { now })
    }

    private static func withPool<Value>(_ body: (Pool, Date) async throws -> Value) async throws -> Value {
        let settings = try Settings.current()
        let pool = Pool(settings.database(at: try settings.demandDatabaseURL(), role: "drizzl_app"))
        do {
            let value = try await body(pool, settings.now())
            await pool.close()
            return value
        } catch {
            await pool.close()
            throw error
        }
    }

    private static func unknown(_ name: String) -> ValidationError {
        ValidationError("There is no schedule \"\(name)\"; drizzl schedules list shows them.")
    }

    /// A schedule as it is shown.
    private struct Line: Encodable {
        let name: String
        let expression: String
        let zone: String
        let catchUp: String
        let nextFireAt: Date
        let lastFireAt: Date?
        let lastJob: JobID?
        let pausedAt: Date?

        init(_ schedule: StoredSchedule) {
            (name, expression, zone) = (schedule.name, schedule.expression, schedule.zone)
            (catchUp, nextFireAt, lastFireAt) = (schedule.catchUp, schedule.nextFireAt, schedule.lastFireAt)
            (lastJob, pausedAt) = (schedule.lastJobID, schedule.pausedAt)
        }

        var text: String {
            let last = lastFireAt.map { "\(local($0)), job \(lastJob?.description ?? "–")" } ?? "never"
            return """
                \(name)\(pausedAt.map { "  PAUSED since \(local($0))" } ?? "")
                  when   \(expression)  (\(zone); missed ones: \(catchUp))
                  next   \(pausedAt == nil ? local(nextFireAt) : "not while it is paused")
                  last   \(last)
                """
        }

        /// By the clocks of the schedule's zone.
        private func local(_ moment: Date) -> String {
            var style = Date.ISO8601FormatStyle(dateTimeSeparator: .space)
            style.timeZone = TimeZone(identifier: zone) ?? .gmt
            return moment.formatted(style)
        }
    }
}
