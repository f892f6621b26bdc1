/// One lifecycle as it stands in its file: the states of a column and the moves between them.
///
/// A plain value without behaviour of its own. Everything keeps the order of the file. Source: `docs/lifecycle-files.md`.
public struct Machine: Sendable {
    /// Its name, stable for ever: history refers to it.
    public var name: Word
    /// Raised with each change of meaning.
    public var version: Int
    /// What people call it.
    public var title: String
    /// What it is about, for its documentation.
    public var about: String?
    /// The table that holds the record.
    public var entity: Word
    /// The column that holds the state; `<field>_seq` and `<field>_since` stand beside it.
    public var field: Word
    /// The aggregate whose lock is taken before the record's own; without it the record is locked alone.
    public var locksWith: Word?
    /// Where a record begins.
    public var initial: Word
    /// Where a record ends.
    public var final: [Word]
    /// All states.
    public var states: [State]
    /// Why an open state that no sure timer watches may be rested in, by state.
    public var restingReasons: [NamedValue]
    /// The columns that timers count from.
    public var facts: [Fact]
    /// The move that makes a record.
    public var create: Move
    /// Moves out of open states.
    public var transitions: [Move]
    /// Moves out of final states.
    public var corrections: [Move]
    /// What happens by itself.
    public var timers: [TimerRule]
    /// What follows from moves of other machines.
    public var reactions: [Reaction]
    /// How names of the version before map to this one.
    public var renames: Renames
    /// The file's text, which is kept for as long as events refer to it.
    public var source: String

    /// Makes a machine of its parts.
    public init(
        name: Word, version: Int, title: String, about: String? = nil, entity: Word, field: Word,
        locksWith: Word? = nil, initial: Word, final: [Word], states: [State], restingReasons: [NamedValue] = [],
        facts: [Fact] = [], create: Move, transitions: [Move], corrections: [Move] = [], timers: [TimerRule] = [],
        reactions: [Reaction] = [], renames: Renames = Renames(), source: String = ""
    ) {
        (self.name, self.version, self.title, self.about) = (name, version, title, about)
        (self.entity, self.field, self.locksWith) = (entity, field, locksWith)
        (self.initial, self.final, self.states, self.restingReasons) = (initial, final, states, restingReasons)
        (self.facts, self.create, self.transitions, self.corrections) = (facts, create, transitions, corrections)
        (self.timers, self.reactions, self.renames, self.source) = (timers, reactions, renames, source)
    }

    /// Transitions and corrections, in that order.
    public var moves: [Move] { transitions + corrections }

    /// The transition or correction of that name; `create` is none.
    public func move(named name: String) -> Move? { moves.first { $0.name == name } }

    /// The state of that name.
    public func state(named name: String) -> State? { states.first { $0.name == name } }

    /// The timer of that name.
    public func timer(named name: String) -> TimerRule? { timers.first { $0.name == name } }

    /// Whether a record that is in `state` has ended.
    public func isFinal(_ state: String) -> Bool { final.contains { $0 == state } }
}

/// A state that a record can be in.
public struct State: Sendable {
    /// How a state is shown.
    public enum Tone: String, Sendable, CaseIterable {
        /// Nothing special; the default.
        case neutral
        /// Well ended.
        case success
        /// Needs somebody.
        case danger
        /// No longer of interest.
        case muted
    }

    /// Its name.
    public var name: Word
    /// What people call it.
    public var title: String
    /// What it means, for the documentation.
    public var about: String?
    /// How it is shown.
    public var tone: Tone
    /// The column that gets the time, or the company's day, of entering.
    public var stamps: Word?
    /// Guards that must be true in this state.
    public var holds: [Word]

    /// Makes a state of its parts.
    public init(
        name: Word, title: String, about: String? = nil, tone: Tone = .neutral, stamps: Word? = nil, holds: [Word] = []
    ) {
        (self.name, self.title, self.about) = (name, title, about)
        (self.tone, self.stamps, self.holds) = (tone, stamps, holds)
    }
}

/// A column that timers count from.
public struct Fact: Sendable {
    /// What the column holds.
    public enum Kind: String, Sendable, CaseIterable {
        /// A calendar day, which counts from its midnight.
        case date
        /// A moment.
        case time
    }

    /// The column.
    public var name: Word
    /// What it holds.
    public var kind: Kind
    /// The moves that may set it, `create`, or `edit` when it may change outside of moves.
    public var setBy: [Word]
    /// Open states in which it may be null.
    public var mayBeMissingIn: [Word]

    /// Makes a fact of its parts.
    public init(name: Word, kind: Kind, setBy: [Word], mayBeMissingIn: [Word] = []) {
        (self.name, self.kind, self.setBy, self.mayBeMissingIn) = (name, kind, setBy, mayBeMissingIn)
    }
}

/// How names of the version before map to this one, each as old name and new name.
public struct Renames: Sendable {
    /// Renamed states.
    public var states: [NamedValue]
    /// Renamed moves.
    public var transitions: [NamedValue]
    /// Renamed timers.
    public var timers: [NamedValue]

    /// Makes a mapping; by default nothing was renamed.
    public init(states: [NamedValue] = [], transitions: [NamedValue] = [], timers: [NamedValue] = []) {
        (self.states, self.transitions, self.timers) = (states, transitions, timers)
    }
}
