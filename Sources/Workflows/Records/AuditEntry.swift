public import Database
public import Foundation
public import StateMachines

/// A row of the audit log, which the database seals with the row before it.
///
/// Source: SEC-10.
public struct AuditEntry: Sendable {
    /// Who did it.
    public var actor: Actor
    /// What was done: `partner.approve`.
    public var action: String
    /// The kind of record it was done to.
    public var subjectType: String
    /// The record.
    public var subjectID: UUID?
    /// What was before.
    public var before: [String: JSONValue]
    /// What is after.
    public var after: [String: JSONValue]
    /// Why.
    public var reason: String?
    /// When, UTC.
    public var at: Date
    /// From which address, for what people do at the door.
    public var address: String?
    /// In which session.
    public var session: UUID?

    /// Makes an entry.
    public init(
        actor: Actor, action: String, subjectType: String, subjectID: UUID?, before: [String: JSONValue] = [:],
        after: [String: JSONValue] = [:], reason: String? = nil, at: Date, address: String? = nil, session: UUID? = nil
    ) {
        (self.actor, self.action, self.subjectType, self.subjectID) = (actor, action, subjectType, subjectID)
        (self.before, self.after, self.reason, self.at) = (before, after, reason, at)
        (self.address, self.session) = (address, session)
    }

    /// The entry of what somebody of the company has done to a record by its lifecycle; nil for everybody else's doings.
    ///
    /// Approvals, payments, credit and fee decisions (SEC-10); timers decide nothing, and partners and reps act on
    /// their own.
    init?(_ event: EventDraft, of machine: String, _ record: UUID) {
        guard event.actor.kind == .admin else { return nil }
        let reason: String? = if case .string(let text) = event.inputs["reason"] { text } else { nil }
        var before: [String: JSONValue] = event.from.map { ["state": .string($0)] } ?? [:]
        var after: [String: JSONValue] = ["state": .string(event.to)]
        for case (let column, .array(let pair)) in event.changes where pair.count == 2 {
            before[column] = pair[0]
            after[column] = pair[1]
        }
        self.init(
            actor: event.actor, action: "\(machine).\(event.move)", subjectType: machine, subjectID: record,
            before: before, after: after, reason: reason, at: event.asOf, address: event.actor.address)
    }

    /// Writes it.
    public var insert: SQL {
        """
        INSERT INTO audit_log (id, actor_kind, actor_id, action, subject_type, subject_id, before, after, reason, at, ip,
            session_id)
        VALUES (\(UUID.v7()), \(actor.kind.rawValue), \(actor.id), \(action), \(subjectType), \(subjectID),
            \(JSON(text: JSONValue.object(before).json)), \(JSON(text: JSONValue.object(after).json)), \(reason), \(at),
            \(address)::inet, \(session))
        """
    }
}
