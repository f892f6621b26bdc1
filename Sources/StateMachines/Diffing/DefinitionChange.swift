/// One difference between two versions of a machine's file.
public struct DefinitionChange: Sendable, Hashable {
    /// Which part of the file it is in.
    public enum Subject: String, Sendable {
        /// The machine as a whole.
        case machine
        /// A state.
        case state
        /// A transition, a correction or `create`.
        case move
        /// A timer.
        case timer
        /// A reaction.
        case reaction
        /// A column that timers count from.
        case fact
    }

    /// What became of it.
    public enum Kind: String, Sendable {
        /// It is new.
        case added
        /// It is gone.
        case removed
        /// It has another name, as `was` says.
        case renamed
        /// It is still there and says something else.
        case changed
    }

    /// Which part of the file it is in.
    public var subject: Subject
    /// Its name in the newer file, or in the older one when it is gone.
    public var name: String
    /// What became of it.
    public var kind: Kind
    /// The key of the file that changed: `requires`; nil where the whole is new, gone or renamed.
    public var part: String?
    /// What it means, for people.
    public var says: String
    /// The states, as the older file names them, in which records feel it.
    public var states: [String]

    init(
        _ subject: Subject, _ name: String, _ kind: Kind, part: String? = nil, says: String, states: [String] = []
    ) {
        (self.subject, self.name, self.kind) = (subject, name, kind)
        (self.part, self.says, self.states) = (part, says, states)
    }
}

/// Everything in which two versions of a machine's file differ.
public struct MachineDifference: Sendable {
    /// Its name.
    public var machine: String
    /// Its version in the older file; nil when it is new.
    public var oldVersion: Int?
    /// Its version in the newer file; nil when it is gone.
    public var newVersion: Int?
    /// What differs, in the order of the files: what is gone comes last.
    public var changes: [DefinitionChange]
}
