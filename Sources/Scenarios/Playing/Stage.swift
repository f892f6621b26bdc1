import Database
import Foundation
import StateMachines
import Workflows

/// One play of a scenario: the engine, the clock, and who and what has a name.
final class Stage {
    /// A record of a machine.
    struct Record: Hashable {
        var machine: String
        var id: UUID
    }

    let scenario: Scenario
    let files: WorkflowFiles
    let engine: Engine
    /// Connections of the database's owner, to set the stage and to look at what came of a step.
    let owner: Pool
    var clock: Date

    var names: [String: Record] = [:]
    var people: People
    /// The partner of `given`.
    var partner: UUID?
    /// The rep who owns what nobody says the rep of.
    var rep: UUID?
    /// Jobs that an earlier `expect_jobs` has looked at.
    var seenJobs: Set<Int64> = []
    /// Reactions of their own that were run.
    var ranReactions: Set<Int64> = []
    var last: Command?
    var goods: Goods?
    /// Parcels whose label a step decides on.
    var labelled: Set<UUID> = []
    /// How many addresses were made up, so that no two are the same.
    var made = 0

    init(_ scenario: Scenario, files: WorkflowFiles, engine: Engine, owner: Pool) {
        (self.scenario, self.files, self.engine, self.owner) = (scenario, files, engine, owner)
        clock = scenario.clock
        people = People(permissions: Set(files.vocabulary.permissions.map(\.text)))
    }

    /// Plays all steps.
    ///
    /// - Throws: ``ScenarioDifference`` at the first step that goes otherwise; `DatabaseError` when the database is gone.
    func play() async throws {
        for step in scenario.steps {
            do {
                try await take(step)
            } catch let error as ScenarioDifference {
                throw error
            } catch let error as DatabaseError where error.kind == .connection || error.kind == .cancelled {
                throw error
            } catch let error as CancellationError {
                throw error
            } catch {
                throw ScenarioDifference(at: step.location, expected: "the step to work", found: "\(error)")
            }
        }
    }

    private func take(_ step: ScenarioStep) async throws {
        switch step.action {
        case .perform(let performance): try await perform(performance, at: step.location)
        case .again: try await performAgain(at: step.location)
        case .set(let pairs): try await set(pairs)
        case .advance(let moment): try await advance(to: moment, at: step.location)
        case .down(let moment): try await sleep(until: moment, at: step.location)
        case .name(let name, let machine): names[name] = try await newest(machine.text, at: machine.location)
        case .expect(let pairs): for pair in pairs { try await expect(pair) }
        case .expectJobs(let patterns): try await expectJobs(patterns)
        case .noJobs(let patterns): try await expectNoJobs(patterns)
        case .expectNext(let pairs): for pair in pairs { try await expectNext(pair) }
        case .expectTasks(let tasks): for task in tasks { try await expectTask(task, open: true) }
        case .noTask(let tasks): for task in tasks { try await expectTask(task, open: false) }
        case .expectBlocked(let blocked): try await expectBlocked(blocked)
        }
    }

    /// The definition of a machine.
    func machine(_ name: String, at location: SourceLocation) throws -> Machine {
        if let machine = files.machine(named: name) { return machine }
        throw ScenarioDifference(at: location, expected: "a machine or a record called \"\(name)\"", found: "none")
    }

    /// A moment as the scenario would write it.
    func text(_ moment: Date) -> String { ScenarioTime.text(moment, in: scenario.zone) }
}
