import Database
package import Foundation

/// The product beside its limit, case by case, in one database.
package struct Bench: Sendable {
    /// What can be measured, by name, in the order in which it is.
    package static let cases = [
        "enqueue", "bulk_enqueue", "drain", "drain_two", "drain_big_tables", "drain_held_snapshot", "pickup",
        "transition", "checker", "start",
    ]

    private let ground: Ground
    private let settings: BenchSettings
    /// What `drain` gave in this run; the limit of the drains under worse circumstances.
    private var plainDrain: [Double] = []

    /// Gets ready to measure.
    ///
    /// - Parameters:
    ///   - url: The connection string of a superuser, of a database that is migrated and may be filled and emptied.
    ///   - program: The path of this program, which is started again as a worker.
    ///   - workflows: The folder of the lifecycle files.
    ///   - settings: How much, and how often.
    ///   - now: The clock.
    package init(
        url: String, program: String, workflows: URL, settings: BenchSettings, now: @escaping @Sendable () -> Date
    ) {
        ground = Ground(
            url: url, program: program, workflows: workflows,
            pool: Pool(DatabaseConfiguration(url: url, maximumConnections: 8, statementTimeout: .seconds(600))),
            now: now)
        self.settings = settings
    }

    /// Gives back the connections.
    package func close() async { await ground.pool.close() }

    /// Runs one case.
    ///
    /// - Parameter name: One of ``cases``.
    /// - Returns: What was measured.
    /// - Throws: ``BenchFailure``; `DatabaseError`.
    package mutating func run(_ name: String) async throws -> [Measure] {
        let draining = Draining(ground: ground, settings: settings)
        switch name {
        case "enqueue": return [try await Enqueuing(ground: ground, settings: settings).oneByOne()]
        case "bulk_enqueue": return [try await Enqueuing(ground: ground, settings: settings).bulk()]
        case "drain":
            let measures = try await draining.measure(name)
            plainDrain = measures[0].product
            return measures
        case "drain_two": return try await draining.measure(name, processes: 2)
        case "drain_big_tables":
            return try await draining.measure(name, beside: plainDrain) { try await $0.growBig(settings) }
        case "drain_held_snapshot":
            return try await ground.holdingSnapshot { try await draining.measure(name, beside: plainDrain) }
        case "pickup": return try await Pickup(ground: ground, settings: settings).run()
        case "transition": return try await Transitions(ground: ground, settings: settings).measure()
        case "checker": return [try await Starting(ground: ground, settings: settings).checker()]
        case "start": return try await Starting(ground: ground, settings: settings).start()
        default:
            throw BenchFailure("There is no case \"\(name)\". There are: \(Self.cases.joined(separator: ", ")).")
        }
    }
}

/// Why something could not be measured.
package struct BenchFailure: Error, CustomStringConvertible {
    /// A sentence.
    package let description: String

    init(_ description: String) { self.description = description }
}
