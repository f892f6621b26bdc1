/// Something that happens by itself at its time, while a record is in one of some states.
public struct TimerRule: Sendable {
    /// What becomes of a firing that is more than an hour late.
    public enum Missed: String, Sendable, CaseIterable {
        /// Fires once for all that were missed.
        case fire
        /// Fires every one, in order.
        case each
        /// Is dropped and noted.
        case skip
    }

    /// What becomes of a refusal of the move that is fired.
    public enum Refused: String, Sendable, CaseIterable {
        /// It is written into the timer's event.
        case note
        /// It opens a task as well.
        case park
    }

    /// Its name.
    public var name: Word
    /// What will happen, for people.
    public var title: String
    /// The states in which it is armed.
    public var states: [Word]
    /// When.
    public var when: RelativeMoment
    /// The time of day; without it midnight for a day, the same time for a moment.
    public var at: TimeOfDay?
    /// How it repeats.
    public var repeats: Repeat?
    /// What becomes of a firing that is more than an hour late.
    public var ifMissed: Missed
    /// Whether a first moment before the entering is made up for at once (`if_late: now`).
    public var firesWhenLate: Bool
    /// Guards that are looked at when it fires; one false: it is noted and dropped.
    public var onlyIf: [Word]
    /// The move it makes, as the system.
    public var fires: Word?
    /// The inputs of that move.
    public var with: [NamedValue]
    /// What becomes of a refusal of that move.
    public var ifRefused: Refused
    /// What it queues.
    public var jobs: [JobCall]
    /// Tasks it opens, which close when the record leaves ``states``.
    public var opens: [Word]

    /// Makes a timer of its parts.
    public init(
        name: Word, title: String, states: [Word], when: RelativeMoment, at: TimeOfDay? = nil, repeats: Repeat? = nil,
        ifMissed: Missed, firesWhenLate: Bool = false, onlyIf: [Word] = [], fires: Word? = nil,
        with: [NamedValue] = [], ifRefused: Refused = .note, jobs: [JobCall] = [], opens: [Word] = []
    ) {
        (self.name, self.title, self.states, self.when) = (name, title, states, when)
        (self.at, self.repeats, self.ifMissed, self.firesWhenLate) = (at, repeats, ifMissed, firesWhenLate)
        (self.onlyIf, self.fires, self.with, self.ifRefused) = (onlyIf, fires, with, ifRefused)
        (self.jobs, self.opens) = (jobs, opens)
    }
}

/// A length of time in the units that people plan in.
public struct Span: Sendable, Hashable {
    /// Minutes and hours are absolute; the others are counted on the calendar of a time zone.
    public enum Unit: String, Sendable, CaseIterable {
        /// 60 seconds.
        case minute
        /// 3,600 seconds.
        case hour
        /// A calendar day.
        case day
        /// Monday to Friday, less the company's holidays.
        case businessDay = "business day"
        /// Seven calendar days.
        case week
    }

    /// How many, at least 1.
    public var count: Int
    /// Of what.
    public var unit: Unit

    /// Makes a span.
    public init(_ count: Int, _ unit: Unit) {
        (self.count, self.unit) = (count, unit)
    }
}

/// A moment that is told from another: `3 days before due_date`, `2 hours after entering`, `next_sync_at`.
public struct RelativeMoment: Sendable {
    /// How far from the anchor; nil is the anchor itself.
    public var distance: Span?
    /// Whether it lies before the anchor.
    public var isBefore: Bool
    /// A fact, or `entering`.
    public var anchor: Word

    /// Makes a moment of its parts.
    public init(distance: Span?, isBefore: Bool = false, anchor: Word) {
        (self.distance, self.isBefore, self.anchor) = (distance, isBefore, anchor)
    }

    /// Whether it counts from the entering of the state.
    public var countsFromEntering: Bool { anchor == "entering" }
}

/// A time of day in a named zone: `9am partner time`.
public struct TimeOfDay: Sendable {
    /// 0 to 23.
    public var hour: Int
    /// 0 to 59.
    public var minute: Int
    /// A zone of the vocabulary; nil is the company's.
    public var zone: Word?

    /// Makes a time of day.
    public init(hour: Int, minute: Int = 0, zone: Word? = nil) {
        (self.hour, self.minute, self.zone) = (hour, minute, zone)
    }
}

/// How a timer repeats.
public struct Repeat: Sendable {
    /// From one firing to the next.
    public var every: Span
    /// Firings in all, the first included.
    public var atMost: Int

    /// Makes a repetition.
    public init(every: Span, atMost: Int) {
        (self.every, self.atMost) = (every, atMost)
    }
}
