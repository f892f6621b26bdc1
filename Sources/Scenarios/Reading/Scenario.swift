public import Foundation
import StateMachines

/// An example of how the lifecycles work, played on the real engine with a moved clock.
///
/// Source: docs/lifecycle-files.md, "Scenarios".
public struct Scenario: Sendable {
    /// The file, as it was given.
    public var file: String
    /// What it shows, in a sentence.
    public var title: String
    /// The numbers of what it covers, such as R-12.
    public var covers: [String]
    /// When it begins.
    public var clock: Date
    /// The zone of the company, in which all its times are written.
    public var zone: TimeZone
    /// What is there before the first step.
    var given: ScenarioGiven
    /// What happens, in order.
    var steps: [ScenarioStep]
}

/// What is there before the first step.
struct ScenarioGiven: Sendable {
    /// Columns of the partner; nil: there is none.
    var partner: [ScenarioPair]?
    /// How many units of each product are there; nil: plenty.
    var stock: Int64?
    /// Who sells; nil: nobody in particular.
    var rep: String?
}

/// One step.
struct ScenarioStep: Sendable {
    var location: SourceLocation
    var action: Action

    enum Action: Sendable {
        /// A command.
        case perform(Performance)
        /// The last command once more, under the same id.
        case again
        /// An edit outside of moves.
        case set([ScenarioPair])
        /// Time passes; timers fire on the way.
        case advance(Date)
        /// Nothing runs until then; then everything that is due.
        case down(Date)
        /// The newest record of a machine gets a name.
        case name(String, machine: Word)
        case expect([ScenarioPair])
        case expectJobs([JobPattern])
        case noJobs([JobPattern])
        case expectNext([ScenarioPair])
        case expectTasks([Word])
        case noTask([Word])
        case expectBlocked(Blocked)
    }

    /// A command and what is to become of it.
    struct Performance: Sendable {
        /// The record and the move: `first.confirm`, `order.create`, `invoice of first.cancel`.
        var target: ScenarioTarget
        var actor: ScenarioActor
        var inputs: [ScenarioPair]
        /// The name of the record that it makes.
        var alias: String?
        var wanted: Wanted

        enum Wanted: Sendable {
            case done
            case already
            /// The codes with which the refusal begins.
            case refused([Word])
        }
    }

    /// What a queued job has to look like; parameters that are not named may be anything.
    struct JobPattern: Sendable {
        var kind: Word
        var parameters: [ScenarioPair]
        /// Its record.
        var record: ScenarioReference?
    }

    /// What stands in the way of a move.
    struct Blocked: Sendable {
        var target: ScenarioTarget
        var actor: ScenarioActor
        var codes: [Word]
    }
}

/// Who acts: a role, and which of its people.
struct ScenarioActor: Sendable {
    var role: Word
    var person: String?
}

/// A record: by its name or machine, or by its machine and the record that it belongs to.
struct ScenarioReference: Sendable, CustomStringConvertible {
    var location: SourceLocation
    /// A given name, or a machine for its newest record.
    var name: String
    /// `invoice of first`: the record `first`.
    var owner: String?

    var description: String { owner.map { "\(name) of \($0)" } ?? name }
}

/// A record and something of it: a move, a column, a timer, a task.
struct ScenarioTarget: Sendable, CustomStringConvertible {
    var record: ScenarioReference
    /// nil where the record itself, its state, is meant.
    var member: String?

    var description: String { member.map { "\(record).\($0)" } ?? record.description }
}
