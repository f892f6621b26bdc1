public import Foundation

/// One thing in the database that the lifecycles do not allow.
public struct TraceViolation: Sendable, Hashable, Codable {
    /// The machine, where there is one.
    public var machine: String?
    /// The record, where there is one.
    public var record: UUID?
    /// The event, where it is about one.
    public var event: UUID?
    /// What is wrong, in words.
    public var what: String

    /// Names a violation.
    public init(machine: String? = nil, record: UUID? = nil, event: UUID? = nil, _ what: String) {
        (self.machine, self.record, self.event, self.what) = (machine, record, event, what)
    }

    /// `invoice 0192…, event 0192…: what is wrong`.
    public var sentence: String {
        let place = [machine, record.map { $0.uuidString.lowercased() }].compactMap(\.self).joined(separator: " ")
        let event = event.map { "event \($0.uuidString.lowercased())" }
        let subject = [place.isEmpty ? nil : place, event].compactMap(\.self).joined(separator: ", ")
        return subject.isEmpty ? what : "\(subject): \(what)"
    }
}

/// What came of judging every record: how much was looked at, and what is wrong.
public struct TraceReport: Sendable, Codable {
    /// How many violations are kept; the others are only counted, for a report has to fit.
    public static let listed = 1_000

    /// How much of one machine was looked at.
    public struct Count: Sendable, Hashable, Codable {
        /// The machine.
        public var machine: String
        /// Its records.
        public var records = 0
        /// Their events.
        public var events = 0
        /// Their armed timers.
        public var timers = 0
        /// What is wrong with them.
        public var violations = 0
    }

    /// The machines, by name.
    public internal(set) var machines: [Count] = []
    /// Commands whose answers were compared with history.
    public internal(set) var commands = 0
    /// Jobs that name an event.
    public internal(set) var jobs = 0
    /// Tasks for people.
    public internal(set) var tasks = 0
    /// What is wrong; of many, the first ones.
    public private(set) var violations: [TraceViolation] = []
    /// How much is wrong in all.
    public private(set) var violationCount = 0

    /// Whether nothing is wrong.
    public var isSound: Bool { violationCount == 0 }

    mutating func add(_ violation: TraceViolation) {
        violationCount += 1
        if violations.count < Self.listed { violations.append(violation) }
        if let index = machines.firstIndex(where: { $0.machine == violation.machine }) {
            machines[index].violations += 1
        }
    }

    /// For people: a line for each machine, and one for each violation.
    public var text: String {
        var lines = machines.map { count in
            "\(count.machine): \(count.records) records, \(count.events) events, \(count.timers) armed timers, "
                + (count.violations == 0 ? "sound" : "\(count.violations) violations")
        }
        lines.append("commands: \(commands); jobs of events: \(jobs); tasks: \(tasks)")
        lines += violations.map(\.sentence)
        if violationCount > violations.count { lines.append("… and \(violationCount - violations.count) more") }
        lines.append(isSound ? "Every trace is sound." : "\(violationCount) violations.")
        return lines.joined(separator: "\n")
    }

    /// For programs.
    ///
    /// - Throws: `EncodingError`, which ids and texts never cause.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
