public import Foundation

/// The facts of one record, loaded and locked: all that guards look at and applies change.
public protocol Governed: Sendable {
    /// The value of a fact that timers count from; nil when it is null.
    func value(ofFact name: String) -> FactValue?

    /// The time zone that a timer names (`partner`, `rep`); nil when the record has none.
    func zone(named name: String) -> TimeZone?

    /// The record's own columns without its state, as history shows them.
    var columns: [String: JSONValue] { get }

    /// Sets the column that a state stamps on entering.
    mutating func stamp(_ column: String, at moment: Date, calendar: CompanyCalendar)
}

/// Everything about a move but the facts.
public struct MoveContext: Sendable {
    /// Who makes it.
    public var actor: Actor
    /// What was given.
    public var inputs: Inputs
    /// The present, UTC, at which guards look.
    public var now: Date
    /// When the move counts as made, UTC; before `now` only for a timer that is late.
    ///
    /// Applies date by it.
    public var asOf: Date
    /// The company's calendar.
    public var calendar: CompanyCalendar

    /// Makes a context.
    public init(actor: Actor, inputs: Inputs = .none, now: Date, asOf: Date? = nil, calendar: CompanyCalendar) {
        (self.actor, self.inputs, self.now, self.asOf) = (actor, inputs, now, asOf ?? now)
        self.calendar = calendar
    }
}

/// What a guard answers.
public enum GuardAnswer: Sendable, Hashable {
    /// It holds.
    case yes
    /// It does not hold; the values fill the refusal's `{names}`.
    case no([String: String] = [:], unblocks: String? = nil)
}

/// The code behind the names of one machine's file.
///
/// A guard is a pure function of facts and context; an apply changes facts and nothing else, and the store writes what
/// differs. So a decision needs no database, and a dry run is the real thing.
public struct Rules<Facts: Governed>: Sendable {
    /// A guard.
    public struct Condition: Sendable {
        /// Whether it reads inputs, so that nothing can be said before they are given.
        public var readsInputs: Bool
        /// Answers.
        public var answer: @Sendable (Facts, MoveContext) -> GuardAnswer

        /// Makes a guard.
        public init(readsInputs: Bool = false, _ answer: @escaping @Sendable (Facts, MoveContext) -> GuardAnswer) {
            (self.readsInputs, self.answer) = (readsInputs, answer)
        }
    }

    /// Guards by name.
    public var guards: [String: Condition]
    /// Applies by name.
    public var applies: [String: @Sendable (inout Facts, MoveContext) -> Void]
    /// Separations of duties by name: whether the actor is the one who may not.
    public var separations: [String: @Sendable (Facts, Actor) -> Bool]

    /// Makes rules.
    public init(
        guards: [String: Condition], applies: [String: @Sendable (inout Facts, MoveContext) -> Void],
        separations: [String: @Sendable (Facts, Actor) -> Bool] = [:]
    ) {
        (self.guards, self.applies, self.separations) = (guards, applies, separations)
    }
}

extension Move {
    /// Every guard that the move names.
    var guardWords: [Word] {
        var words = requires + jobs.compactMap(\.onlyIf)
        guard case .outcomes(let outcomes) = target else { return words }
        for outcome in outcomes { words += outcome.when + outcome.jobs.compactMap(\.onlyIf) }
        return words
    }
}

extension Machine {
    /// Every guard that the file names.
    public var guardWords: [Word] {
        var words = states.flatMap(\.holds)
        for move in [create] + moves { words += move.guardWords }
        for timer in timers { words += timer.onlyIf + timer.jobs.compactMap(\.onlyIf) }
        return words
    }

    /// Every apply that the file names.
    public var applyWords: [Word] { ([create] + moves).flatMap(\.apply) }

    /// Every separation of duties that the file names.
    public var separationWords: [Word] { moves.flatMap(\.notBy) }
}
