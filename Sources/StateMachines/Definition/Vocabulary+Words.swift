extension Vocabulary {
    /// Who acts.
    public struct Role: Sendable {
        /// What acts.
        public enum Kind: String, Sendable, CaseIterable {
            /// Somebody.
            case person
            /// An outside service.
            case service
            /// The machine itself: timers and reactions.
            case system
        }

        /// Its name.
        public var name: Word
        /// What people call it.
        public var title: String
        /// What acts.
        public var kind: Kind
        /// Whether its messages come late and twice.
        public var repeats: Bool

        /// Makes a role.
        public init(name: Word, title: String, kind: Kind, repeats: Bool = false) {
            (self.name, self.title, self.kind, self.repeats) = (name, title, kind, repeats)
        }
    }

    /// What a person may have to do.
    public struct Task: Sendable {
        /// Its name.
        public var name: Word
        /// What there is to do.
        public var title: String
        /// The permission of those who see it.
        public var permission: Word

        /// Makes a task.
        public init(name: Word, title: String, permission: Word) {
            (self.name, self.title, self.permission) = (name, title, permission)
        }
    }

    /// A condition with a name, a sentence and a refusal.
    public struct Guard: Sendable {
        /// Its name.
        public var name: Word
        /// When it holds.
        public var says: String
        /// What a person reads when it does not, with `{values}`.
        public var refusal: String
        /// The refusal's code for programs; by default the name.
        public var code: String
        /// The reply's HTTP status: 403, 409 or 422.
        public var status: Word
        /// The same over the record's row, as an SQL condition, for lists and sweeps.
        public var means: String?
        /// When it holds in the product check.
        public var model: Word?
        /// The rule it comes from.
        public var rule: String?

        /// Makes a guard of its parts.
        public init(
            name: Word, says: String, refusal: String, code: String? = nil, status: Word = "409", means: String? = nil,
            model: Word? = nil, rule: String? = nil
        ) {
            (self.name, self.says, self.refusal, self.code) = (name, says, refusal, code ?? name.text)
            (self.status, self.means, self.model, self.rule) = (status, means, model, rule)
        }
    }

    /// What a move changes in its transaction.
    public struct Apply: Sendable {
        /// Its name.
        public var name: Word
        /// What changes.
        public var says: String
        /// The facts it sets.
        public var facts: [Word]
        /// Marks it sets.
        public var sets: [Word]
        /// Marks it clears.
        public var clears: [Word]
        /// Marks it may set.
        public var maySet: [Word]
        /// Marks it may clear.
        public var mayClear: [Word]
        /// The rule it comes from.
        public var rule: String?

        /// Makes an apply of its parts.
        public init(
            name: Word, says: String, facts: [Word] = [], sets: [Word] = [], clears: [Word] = [], maySet: [Word] = [],
            mayClear: [Word] = [], rule: String? = nil
        ) {
            (self.name, self.says, self.facts, self.sets) = (name, says, facts, sets)
            (self.clears, self.maySet, self.mayClear, self.rule) = (clears, maySet, mayClear, rule)
        }
    }

    /// A kind of job.
    public struct Job: Sendable {
        /// Its name.
        public var name: Word
        /// What it does.
        public var says: String
        /// The parameters a call may have.
        public var parameters: [Word]
        /// What makes a second one the same.
        public var key: String
        /// The requirement it stands for.
        public var stands: String?

        /// Makes a kind of job.
        public init(name: Word, says: String, parameters: [Word], key: String, stands: String? = nil) {
            (self.name, self.says, self.parameters, self.key) = (name, says, parameters, key)
            self.stands = stands
        }
    }

    /// A subject of notices.
    public struct Notice: Sendable {
        /// Its name.
        public var name: Word
        /// The requirement it stands for.
        public var stands: String
        /// Whether a record gives it once, whatever move gives it.
        public var isOnce: Bool

        /// Makes a notice of its parts.
        public init(name: Word, stands: String, isOnce: Bool = false) {
            (self.name, self.stands, self.isOnce) = (name, stands, isOnce)
        }
    }

    /// A query with a name that reactions use.
    public struct Finder: Sendable {
        /// Its name.
        public var name: Word
        /// What it finds.
        public var says: String
        /// The machine of what it finds.
        public var gives: Word
        /// The states it looks in; empty means any.
        public var states: [Word]
        /// Whether it finds records of other aggregates.
        public var crosses: Bool
        /// Whether it finds other records of the same machine than the one that moved.
        public var others: Bool
        /// When it finds something in the product check.
        public var model: Word?

        /// Makes a finder of its parts.
        public init(
            name: Word, says: String, gives: Word, states: [Word] = [], crosses: Bool = false, others: Bool = false,
            model: Word? = nil
        ) {
            (self.name, self.says, self.gives, self.states) = (name, says, gives, states)
            (self.crosses, self.others, self.model) = (crosses, others, model)
        }
    }

    /// What a reaction makes.
    public struct Factory: Sendable {
        /// Its name.
        public var name: Word
        /// What it makes, and when.
        public var says: String
        /// The machine of what it makes.
        public var makes: Word
        /// When it makes one in the product check.
        public var model: Word?
        /// Marks it sets.
        public var sets: [Word]
        /// Whether what it makes takes the place of the one before.
        public var replaces: Bool
        /// The rule it comes from.
        public var rule: String?

        /// Makes a factory of its parts.
        public init(
            name: Word, says: String, makes: Word, model: Word? = nil, sets: [Word] = [], replaces: Bool = false,
            rule: String? = nil
        ) {
            (self.name, self.says, self.makes, self.model) = (name, says, makes, model)
            (self.sets, self.replaces, self.rule) = (sets, replaces, rule)
        }
    }
}
