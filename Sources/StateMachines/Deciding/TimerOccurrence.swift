public import Foundation

/// One firing of a timer: of which value, and the how-manieth.
public struct TimerOccurrence: Sendable, Hashable {
    /// The timer's name.
    public var timer: String
    /// The value it counts from (``FactValue/key``), or the entering of the state.
    public var countedFrom: Date
    /// The how-manieth, from 1.
    public var number: Int
    /// When it is meant to happen, UTC.
    public var moment: Date

    /// Makes an occurrence.
    public init(timer: String, countedFrom: Date, number: Int, moment: Date) {
        (self.timer, self.countedFrom, self.number, self.moment) = (timer, countedFrom, number, moment)
    }
}

/// The occurrences of a record's timers that have fired or were called off.
public struct FiredTimers: Sendable {
    private var highest: [Key: Int] = [:]

    private struct Key: Hashable {
        let timer: String
        let countedFrom: Date
    }

    /// Nothing has fired.
    public init() {}

    /// Notes that an occurrence has fired; those before it count as fired too.
    public mutating func note(timer: String, countedFrom: Date, number: Int) {
        let key = Key(timer: timer, countedFrom: countedFrom)
        highest[key] = max(highest[key] ?? 0, number)
    }

    /// The number of the last occurrence that has fired for this value; 0 when none has.
    public func last(of timer: String, countedFrom: Date) -> Int {
        highest[Key(timer: timer, countedFrom: countedFrom)] ?? 0
    }
}
