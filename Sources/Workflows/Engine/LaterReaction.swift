import Database
public import Foundation
import Jobs
import StateMachines

/// A reaction that runs in transactions of its own: what its job carries.
public struct LaterReaction: Sendable, Hashable, Codable {
    /// The kind of the job.
    public static let kind = "run_reaction"

    /// The machine in which the reaction stands.
    public var machine: String
    /// Its name.
    public var reaction: String
    /// The machine that moved.
    public var source: String
    /// The record that moved.
    public var record: UUID
    /// The event of the move.
    public var event: UUID

    init(machine: String, reaction: String, _ source: ReactionSource) {
        (self.machine, self.reaction) = (machine, reaction)
        (self.source, self.record, self.event) = (source.machine, source.record, source.event)
    }

    /// The job; one for each event, because one that runs already may have looked before this event.
    var request: JobRequest {
        get throws {
            JobRequest(
                kind: Self.kind, payload: JSON(text: String(decoding: try JSONEncoder().encode(self), as: UTF8.self)),
                uniqueKey: "\(machine)/\(reaction)/\(event)", eventID: event,
                subject: JobSubject(machine: source, recordID: record))
        }
    }
}
