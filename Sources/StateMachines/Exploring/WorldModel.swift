/// One world with everything that can happen in it, ready to be explored.
struct WorldModel {
    /// A move of a machine.
    struct Step {
        var label: String
        var machine: Int
        var field: Field
        var before: Field?
        /// Numbers of states, as bits.
        var from: UInt64
        var already: UInt64
        var finals: UInt64
        var bySystem: Bool
        var byHand: Bool
        var isCorrection: Bool
        var requires: Test
        /// What `apply` may make of the bits, each as bits to clear and bits to set.
        var changes: [Change]
        var ends: [End]
        var opens: UInt64
        var closes: UInt64
        /// The reactions to this move: index `from * width + to`.
        var reactions: [[Int]] = []
    }

    /// Bits that are cleared, then bits that are set.
    struct Change: Hashable {
        var clears: UInt64 = 0
        var sets: UInt64 = 0

        func then(clears more: UInt64, sets others: UInt64) -> Change {
            Change(clears: (clears | more) & ~others, sets: sets & ~more | others)
        }
    }

    /// One outcome.
    struct End {
        /// Where it leads.
        enum Target {
            case state(UInt64)
            case same
            case previous
        }

        var target: Target
        var when: Test
        var closes: UInt64
    }

    /// What follows from moves.
    struct Consequence {
        var machine: Int
        var label: String
        var field: Field
        var states: UInt64
        var found: Test
        var makes: Int?
        var does: Int?
        var replaces: Bool
        var sets: UInt64
        var opens: UInt64
        var ifRefused: Reaction.Refused
        var isLater: Bool
        /// The bit that says that it waits for its time; 0: it may come at any time.
        var waiting: UInt64
    }

    /// A timer that fires a move or opens a task.
    struct Alarm {
        var label: String
        var field: Field
        var states: UInt64
        var onlyIf: Test
        var fires: Int?
        var parks: Bool
        var opens: UInt64
    }

    /// One machine.
    struct Lane {
        var name: String
        var field: Field
        var width: Int
        /// States in which a new record may take the place of the one that is there; `absent` among them.
        var vacant: UInt64
        var madeByHand: Bool
        var create: Int
        var moves: [Int]
        var holds: [Test]
        /// Tasks of timers that close when a state is left for another: index `from * width + to`.
        var closing: [UInt64]
    }

    /// A beginning.
    struct Start {
        var step: Int
        var marks: UInt64
        var label: String
    }

    var name: String
    var layout = JointLayout()
    var lanes: [Lane] = []
    var steps: [Step] = []
    var consequences: [Consequence] = []
    var alarms: [Alarm] = []
    var starts: [Start] = []
    /// Something was parked.
    var attention: UInt64 = 0
    /// A correction was used.
    var corrected: UInt64 = 0
    /// The words of marks, tasks and flags that something depends on.
    static let correctedFlag = " corrected"
}
