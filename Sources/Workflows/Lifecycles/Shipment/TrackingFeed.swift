public import Database
public import Foundation
import StateMachines

/// Takes what a carrier says about a parcel, whenever and however often it comes.
///
/// Source: D-17, J-21.
public struct TrackingFeed: Sendable {
    /// One message.
    public struct Event: Sendable, Hashable {
        /// The carrier's id of it; one that comes twice is taken once.
        public var carrierEventID: String
        /// A state of the shipment, as the column names it.
        public var status: String
        /// Where.
        public var location: String
        /// What the carrier says about it.
        public var description: String?
        /// When it happened, by the carrier's clock.
        public var occurredAt: Date

        /// Makes a message.
        public init(
            carrierEventID: String, status: String, location: String, description: String? = nil, occurredAt: Date
        ) {
            (self.carrierEventID, self.status, self.location) = (carrierEventID, status, location)
            (self.description, self.occurredAt) = (description, occurredAt)
        }
    }

    private let pool: Pool

    /// Makes it.
    public init(pool: Pool) {
        self.pool = pool
    }

    /// Keeps messages, and says which move follows from the newest that is known by now.
    ///
    /// The same messages give the same command, so that a move that was not made for a crash is made the next time.
    ///
    /// - Parameters:
    ///   - events: The messages, in any order.
    ///   - shipment: The parcel.
    ///   - entry: What is put down in the audit log with it, when a person says it.
    ///   - now: The present, UTC.
    /// - Returns: The command to perform; nil when the newest message asks for no move.
    /// - Throws: `DatabaseError`, also when there is no such parcel or a status is none.
    public func take(
        _ events: [Event], of shipment: UUID, noting entry: AuditEntry? = nil, now: Date
    ) async throws -> Command? {
        let rows = try await pool.transaction { session in
            try session.pipeline(
                [
                    // One after the other, so that the place is that of the newest message.
                    "SELECT id FROM shipments WHERE id = \(shipment) FOR NO KEY UPDATE",
                    """
                    INSERT INTO tracking_events (id, shipment_id, carrier_event_id, status, location, description,
                        occurred_at, received_at)
                    SELECT e.id, \(shipment), e.carrier_event_id, e.status, e.location, e.description, e.occurred_at, \(now)
                    FROM unnest(\(events.map { _ in UUID.v7() }), \(events.map(\.carrierEventID)), \(events.map(\.status)),
                        \(events.map(\.location)), \(events.map(\.description)), \(events.map(\.occurredAt)))
                        AS e (id, carrier_event_id, status, location, description, occurred_at)
                    ON CONFLICT (shipment_id, carrier_event_id) DO NOTHING
                    """,
                    """
                    UPDATE shipments s SET current_location = e.location, current_lat = e.latitude, current_lng = e.longitude
                    FROM (\(Self.newest(of: shipment))) e
                    WHERE s.id = \(shipment)
                    """,
                ] + [entry?.insert].compactMap(\.self) + [Self.newest(of: shipment)])
        }
        guard let newest = rows.last?.rows.first else { return nil }
        let event = Event(
            carrierEventID: try newest.value("carrier_event_id"), status: try newest.value("status"),
            location: try newest.value("location"), description: try newest.optional("description"),
            occurredAt: try newest.value("occurred_at"))
        return Self.command(for: event, of: shipment)
    }

    private static func newest(of shipment: UUID) -> SQL {
        """
        SELECT carrier_event_id, status, location, description, occurred_at, latitude, longitude
        FROM tracking_events WHERE shipment_id = \(shipment)
        ORDER BY occurred_at DESC, id DESC
        LIMIT 1
        """
    }

    static func command(for event: Event, of shipment: UUID) -> Command? {
        let moves = [
            "picked_up": "pick_up", "in_transit": "move", "out_for_delivery": "go_out", "delivered": "deliver",
            "exception": "report_problem",
        ]
        guard let move = moves[event.status] else { return nil }
        var inputs: [String: JSONValue] = [:]
        if move == "report_problem" {
            inputs["code"] = "other"
            inputs["note"] = .string(event.description ?? event.location)
        }
        return Command(
            id: UUID(derivedFrom: "tracking", shipment.uuidString, event.carrierEventID),
            machine: ShipmentLifecycle.machine, record: shipment, move: move, inputs: inputs,
            actor: Actor(kind: .service, role: "carrier"))
    }
}
