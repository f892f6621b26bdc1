public import Database
public import Foundation
import StateMachines

/// What a job that a lifecycle queues carries: ids and words, no copies of data.
public struct RecordJob: Sendable, Hashable, Codable {
    /// The machine.
    public var machine: String
    /// The record.
    public var record: UUID
    /// The event that caused it.
    public var event: UUID
    /// The parameters that the file gives.
    public var with: [String: String]

    /// Makes a payload.
    public init(machine: String, record: UUID, event: UUID, with: [String: String]) {
        (self.machine, self.record, self.event, self.with) = (machine, record, event, with)
    }

    /// The payload as the queue keeps it.
    public var encoded: JSON {
        let value: JSONValue = .object([
            "machine": .string(machine), "record": .string(record.uuidString), "event": .string(event.uuidString),
            "with": .object(with.mapValues { .string($0) }),
        ])
        return JSON(text: value.json)
    }
}

/// What makes two jobs the same, in the words of the vocabulary (`key: "document, record, version"`).
struct JobKey {
    var machine: String
    var record: UUID
    var event: UUID
    var seq: Int
    var firing: TimerOccurrence?
    var position: Int
    var now: Date

    /// How long a `slot` is, in seconds: what is queued within one is gathered.
    static let slot = 30.0

    /// The key: record, the parts that the vocabulary names, and every parameter of the call, for a call to another
    /// recipient is another job.
    ///
    /// A part that names something else than record, event or time, such as `partner`, stands for the record's own: two
    /// invoices of one partner have two jobs.
    func text(for call: JobCall, in vocabulary: Vocabulary) -> String {
        let word = vocabulary.job(named: call.kind.text)
        var parts = (word?.key ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        // A notice that a record gives once is the same whatever event gives it.
        if let about = call.parameter("about"), vocabulary.notice(named: about)?.isOnce == true {
            parts.removeAll { $0 == "occurrence" }
        }
        let values = parts.map(value(of:))
        let parameters = call.parameters.map { "\($0.name.text)=\($0.value.text)" }.sorted()
        return ([call.kind.text, machine, record.uuidString] + values + parameters).joined(separator: "/")
    }

    private func value(of part: String) -> String {
        switch part {
        case machine, "record", "partner", "document", "stage", "notice", "type": part
        case "version", "sequence": "\(seq)"
        case "occurrence": firing.map { "\($0.number)@\(Int($0.countedFrom.timeIntervalSince1970))" } ?? "\(event)"
        case "slot": "\(Int(now.timeIntervalSince1970 / Self.slot))"
        // "event", and things that the event makes, such as a payment or a refund.
        default: "\(event)#\(position)"
        }
    }
}
