/// One world with everything that can happen in it, ready to be explored.
package struct WorldModel {
    /// A move of a machine.
    package struct Step {
        package var label: String
        package var machine: Int
        package var field: Field
        package var before: Field?
        /// Numbers of states, as bits.
        package var from: UInt64
        package var already: UInt64
        package var finals: UInt64
        package var bySystem: Bool
        package var byHand: Bool
        package var isCorrection: Bool
        package var requires: Test
        /// What `apply` may make of the bits, each as bits to clear and bits to set.
        package var changes: [Change]
        package var ends: [End]
        package var opens: UInt64
        package var closes: UInt64
        /// The reactions to this move: index `from * width + to`.
        package var reactions: [[Int]]

        /// Makes a move without reactions of a machine that has `width` states.
        package init(
            label: String, machine: Int, field: Field, before: Field?, from: UInt64, already: UInt64, finals: UInt64,
            bySystem: Bool, byHand: Bool, isCorrection: Bool, requires: Test, changes: [Change], ends: [End],
            opens: UInt64, closes: UInt64, width: Int
        ) {
            (self.label, self.machine, self.field, self.before, self.from) = (label, machine, field, before, from)
            (self.already, self.finals, self.bySystem, self.byHand) = (already, finals, bySystem, byHand)
            (self.isCorrection, self.requires, self.changes, self.ends) = (isCorrection, requires, changes, ends)
            (self.opens, self.closes) = (opens, closes)
            reactions = Array(repeating: [], count: width * width)
        }
    }

    /// Bits that are cleared, then bits that are set.
    package struct Change: Hashable {
        package var clears: UInt64 = 0
        package var sets: UInt64 = 0

        /// First this, then another change.
        package func then(clears more: UInt64, sets others: UInt64) -> Change {
            Change(clears: (clears | more) & ~others, sets: sets & ~more | others)
        }

        /// Makes a change.
        package init(clears: UInt64 = 0, sets: UInt64 = 0) {
            (self.clears, self.sets) = (clears, sets)
        }
    }

    /// One outcome.
    package struct End {
        /// Where it leads.
        package enum Target {
            case state(UInt64)
            case same
            case previous
        }

        package var target: Target
        package var when: Test
        package var closes: UInt64

        /// Makes an outcome.
        package init(target: Target, when: Test, closes: UInt64) {
            (self.target, self.when, self.closes) = (target, when, closes)
        }
    }

    /// What follows from moves.
    package struct Consequence {
        package var machine: Int
        package var label: String
        package var field: Field
        package var states: UInt64
        package var found: Test
        package var makes: Int?
        package var does: Int?
        package var replaces: Bool
        package var sets: UInt64
        package var opens: UInt64
        package var ifRefused: Refused
        package var isLater: Bool
        /// The bit that says that it waits for its time; 0: it may come at any time.
        package var waiting: UInt64

        /// Whether it should make a move or a record somewhere: it has one, and its model does not rule it out.
        package var acts: Bool { (does != nil || makes != nil) && !found.possibly.isNever }

        /// Makes a reaction.
        package init(
            machine: Int, label: String, field: Field, states: UInt64, found: Test, makes: Int?, does: Int?,
            replaces: Bool, sets: UInt64, opens: UInt64, ifRefused: Refused, isLater: Bool, waiting: UInt64
        ) {
            (self.machine, self.label, self.field, self.states, self.found) = (machine, label, field, states, found)
            (self.makes, self.does, self.replaces, self.sets, self.opens) = (makes, does, replaces, sets, opens)
            (self.ifRefused, self.isLater, self.waiting) = (ifRefused, isLater, waiting)
        }
    }

    /// A timer that fires a move or opens a task.
    package struct Alarm {
        package var label: String
        package var field: Field
        package var states: UInt64
        package var onlyIf: Test
        package var fires: Int?
        package var parks: Bool
        package var opens: UInt64

        /// Makes a timer.
        package init(
            label: String, field: Field, states: UInt64, onlyIf: Test, fires: Int?, parks: Bool, opens: UInt64
        ) {
            (self.label, self.field, self.states, self.onlyIf, self.fires) = (label, field, states, onlyIf, fires)
            (self.parks, self.opens) = (parks, opens)
        }
    }

    /// One machine.
    package struct Lane {
        package var field: Field
        /// Its states: number to name; `absent` is the first.
        package var names: [String]
        /// How many there are.
        package let width: Int
        /// States in which a new record may take the place of the one that is there; `absent` among them.
        package var vacant: UInt64
        package var madeByHand: Bool
        package var create: Int
        package var moves: [Int]
        package var holds: [Test]
        /// Tasks of timers that close when a state is left for another: index `from * width + to`.
        package var closing: [UInt64]

        /// Makes a machine.
        package init(
            field: Field, names: [String], vacant: UInt64, madeByHand: Bool, create: Int, moves: [Int], holds: [Test],
            closing: [UInt64]
        ) {
            (self.field, self.names, self.vacant, self.madeByHand, self.create) = (
                field, names, vacant, madeByHand, create
            )
            (self.moves, self.holds, self.closing) = (moves, holds, closing)
            width = names.count
        }
    }

    /// A beginning.
    package struct Start {
        package var step: Int
        package var marks: UInt64
        package var label: String

        /// Makes a beginning.
        package init(step: Int, marks: UInt64, label: String) {
            (self.step, self.marks, self.label) = (step, marks, label)
        }
    }

    /// What becomes of a reaction's refused move.
    package enum Refused {
        /// Nothing.
        case note
        /// It is parked.
        case park
        /// It aborts everything.
        case fail
    }

    /// One thing that is demanded, by the number of the move that it is about.
    package struct Demand {
        /// What is demanded where the condition holds.
        package enum Kind: Equatable {
            /// No state meets it; `exceptCorrections`: none before a correction was used.
            case never(exceptCorrections: Bool)
            /// The move is not made.
            case neverDoes(step: Int)
            /// The move can be made in some such state.
            case possible(step: Int)
            /// From every state there is a way to one that meets it.
            case alwaysCanReach
        }

        /// Its number among the demands of the file, for who reads the findings.
        package var number: Int
        package var kind: Kind
        package var holds: Formula

        /// Makes a demand.
        package init(number: Int, kind: Kind, holds: Formula) {
            (self.number, self.kind, self.holds) = (number, kind, holds)
        }
    }

    package var lanes: [Lane] = []
    package var steps: [Step] = []
    package var consequences: [Consequence] = []
    package var alarms: [Alarm] = []
    package var starts: [Start] = []
    package var demands: [Demand] = []
    /// Something was parked.
    package var attention: UInt64 = 0
    /// A correction was used.
    package var corrected: UInt64 = 0

    /// Makes a world in which nothing is.
    package init() {}
}
