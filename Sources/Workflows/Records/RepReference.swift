import Database
public import Foundation

/// The rep who owns a record, and the zone in which that rep's reminders come.
public struct RepReference: Sendable, Hashable {
    /// The rep.
    public var id: UUID
    /// The rep's time zone.
    public var zone: TimeZone

    /// Makes a reference.
    public init(id: UUID, zone: TimeZone) {
        (self.id, self.zone) = (id, zone)
    }

    /// Reads `rep_id` and `rep_zone` of a row; nil when there is none.
    init?(_ row: Row) throws {
        guard let id = try row.optional("rep_id", as: UUID.self) else { return nil }
        let zone = try row.value("rep_zone", as: String.self)
        self.init(id: id, zone: TimeZone(identifier: zone) ?? .gmt)
    }

    /// Reads `rep_id` and `rep_zone` of a row that always has them.
    init(of row: Row) throws {
        let zone = try row.value("rep_zone", as: String.self)
        self.init(id: try row.value("rep_id"), zone: TimeZone(identifier: zone) ?? .gmt)
    }

    /// Reads a rep who is named in the body of a request.
    static func find(_ id: UUID?) -> SQL {
        "SELECT id AS rep_id, time_zone AS rep_zone FROM sales_reps WHERE id = \(id) AND is_active"
    }
}
