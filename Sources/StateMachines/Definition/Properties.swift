/// What must never and what must always be possible across machines, as it stands in `properties.yaml`.
public struct Properties: Sendable {
    /// The little worlds in which machines are explored together.
    public var worlds: [World]
    /// Everything that is demanded of them.
    public var demands: [Demand]

    /// Puts properties together.
    public init(worlds: [World], demands: [Demand]) {
        (self.worlds, self.demands) = (worlds, demands)
    }

    /// The world of that name.
    public func world(named name: String) -> World? { worlds.first { $0.name == name } }
}

extension Properties {
    /// Some machines that are explored together, one record each.
    public struct World: Sendable {
        /// One way in which it begins.
        public struct Start: Sendable {
            /// The first command: `order.create`.
            public var move: Word
            /// Marks that hold from the beginning.
            public var marks: [Word]

            /// Makes a start.
            public init(move: Word, marks: [Word] = []) {
                (self.move, self.marks) = (move, marks)
            }
        }

        /// Its name.
        public var name: Word
        /// What it is about.
        public var says: String
        /// The machines in it.
        public var machines: [Word]
        /// How it may begin.
        public var starts: [Start]
        /// Machines of which another record may follow a finished one.
        public var many: [Word]
        /// Machines whose record nobody makes by hand.
        public var onlyMadeByReaction: [Word]
        /// Guards that are taken as `always` or `never` true.
        public var assumptions: [NamedValue]

        /// Makes a world of its parts.
        public init(
            name: Word, says: String, machines: [Word], starts: [Start], many: [Word] = [],
            onlyMadeByReaction: [Word] = [], assumptions: [NamedValue] = []
        ) {
            (self.name, self.says, self.machines, self.starts) = (name, says, machines, starts)
            (self.many, self.onlyMadeByReaction, self.assumptions) = (many, onlyMadeByReaction, assumptions)
        }
    }

    /// One thing that is demanded of a world.
    public struct Demand: Sendable {
        /// What is demanded.
        public enum Kind: Sendable, Equatable {
            /// No reachable state meets the condition; `exceptCorrections`: none before a correction was used.
            case never(exceptCorrections: Bool)
            /// The move is not made while the condition holds.
            case neverDoes(Word)
            /// The move can be made in some state in which the condition holds.
            case possible(Word)
            /// From every reachable state there is a way to one in which the condition holds.
            case alwaysCanReach
        }

        /// What is demanded.
        public var kind: Kind
        /// The world of which it is demanded.
        public var world: Word
        /// What it means: what would be wrong, or what has to be possible.
        public var says: Word
        /// The condition, as it is written.
        public var condition: Word

        /// Makes a demand of its parts.
        public init(kind: Kind, world: Word, says: Word, condition: Word) {
            (self.kind, self.world, self.says, self.condition) = (kind, world, says, condition)
        }

        /// The move that it is about.
        public var move: Word? {
            switch kind {
            case .neverDoes(let move), .possible(let move): move
            case .never, .alwaysCanReach: nil
            }
        }
    }
}
