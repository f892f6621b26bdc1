public import Database
public import Foundation
public import StateMachines

/// Somebody who is told something.
public struct Person: Sendable, Hashable {
    /// What they are.
    public var kind: Actor.Kind
    /// Who they are; nil for a partner's contact address, which is nobody's account.
    public var id: UUID?
    /// What they are called.
    public var name: String
    /// Their address.
    public var email: String
    /// Their time zone.
    public var zone: TimeZone

    /// Makes a person.
    public init(kind: Actor.Kind, id: UUID?, name: String, email: String, zone: TimeZone) {
        (self.kind, self.id, self.name, self.email, self.zone) = (kind, id, name, email, zone)
    }

    /// Reads a row of ``Recipients/query(_:of:)``.
    ///
    /// - Throws: `DatabaseError` when the row is of another shape.
    public init(_ row: Row) throws {
        let zone = try row.value("time_zone", as: String.self)
        self.init(
            kind: Actor.Kind(rawValue: try row.value("kind")) ?? .system, id: try row.optional("id"),
            name: try row.value("name"), email: try row.value("email"),
            zone: TimeZone(identifier: zone) ?? .gmt)
    }
}
