import Database
import Foundation
public import StateMachines
import Workflows

/// One database on which scenarios are played, one after the other; each finds it as it was.
///
/// Two at once on one lane would see each other: give each its own.
public final class ScenarioLane: Sendable {
    private let owner: Pool
    private let application: Pool
    private let lifecycles: [any Lifecycle]
    /// What a play keeps secret is thrown away with it.
    private static let key = [UInt8](repeating: 7, count: 32)

    /// Makes a lane.
    ///
    /// - Parameter url: A migrated database without data, as its superuser; it belongs to the lane from now on.
    /// - Throws: `DatabaseError`.
    public init(url: String) async throws {
        owner = Pool(DatabaseConfiguration(url: url, maximumConnections: 1))
        application = Pool(DatabaseConfiguration(url: url, maximumConnections: 2, role: "drizzl_app"))
        lifecycles = Lifecycles.all(secrets: try SecretBox(keys: [1: Self.key], current: 1))
        try await owner.run { session in try DatabaseReset.prepare(session) }
    }

    /// Plays a scenario.
    ///
    /// - Parameters:
    ///   - scenario: What to play.
    ///   - files: The lifecycles.
    /// - Returns: Whether it went as it says.
    /// - Throws: `DatabaseError` when the database cannot be reached; the lane is of no more use then.
    public func play(_ scenario: Scenario, on files: WorkflowFiles) async throws -> ScenarioVerdict {
        try await owner.run { session in try DatabaseReset.reset(session) }
        let unknown = scenario.unknownNames(in: files)
        guard unknown.isEmpty else { return .cannotStart(unknown.map(\.description)) }
        let engine: Engine
        do {
            engine = try await Engine.start(
                files, lifecycles: lifecycles, calendar: CompanyCalendar(zone: scenario.zone), pool: application)
        } catch EngineError.cannotStart(let faults) {
            return .cannotStart(faults)
        }
        let stage = Stage(scenario, files: files, engine: engine, owner: owner)
        do {
            try await stage.prepare()
        } catch let difference as ScenarioDifference {
            return .cannotStart([difference.description])
        } catch let error as DatabaseError where error.kind != .connection && error.kind != .cancelled {
            return .cannotStart(["\(scenario.file): the stage could not be set: \(error)"])
        }
        do {
            try await stage.play()
            return .passed
        } catch let difference as ScenarioDifference {
            return .differs(difference)
        }
    }

    /// Closes the connections.
    public func close() async {
        await application.close()
        await owner.close()
    }
}
