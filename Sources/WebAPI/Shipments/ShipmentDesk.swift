import Accounts
import Database
public import Foundation
import HTTPTypes
public import StateMachines
public import Workflows

/// What somebody of the company knows of a parcel besides its carrier: where it was seen, and how warm it was.
///
/// It is taken as a carrier's word is (``TrackingFeed``, ``TemperatureFeed``), and put down in the audit log.
public struct ShipmentDesk: Sendable {
    /// What can be said of a parcel, besides that it waits.
    public static let states = ["picked_up", "in_transit", "out_for_delivery", "delivered", "exception"]
    /// The most readings at once.
    public static let most = 5_000
    /// The coldest and the warmest that is believed, hundredths of a degree Fahrenheit.
    public static let believed = -15_000...25_000
    /// How far a clock may go before ours.
    private static let tolerance: TimeInterval = 300

    private let dependencies: WebDependencies

    /// Makes it.
    public init(_ dependencies: WebDependencies) { self.dependencies = dependencies }

    /// Whether a moment is later than anybody can have seen anything.
    public func isAhead(_ moment: Date) -> Bool { moment > dependencies.now().addingTimeInterval(Self.tolerance) }

    /// Keeps what was seen of a parcel, and makes the move that follows in the name of whoever says it.
    ///
    /// - Parameters:
    ///   - event: What was seen; the same id is taken once.
    ///   - shipment: The parcel.
    ///   - visit: Who says it.
    /// - Returns: Why the parcel was not moved, though it was to be; nil when it was, or was not to be.
    /// - Throws: ``Problem`` 401, 403, 404, or 422 for a moment that is ahead; `DatabaseError`.
    public func add(_ event: TrackingFeed.Event, to shipment: UUID, _ visit: Visit) async throws -> Refusal? {
        let visitor = try await demand(shipment, visit)
        guard !isAhead(event.occurredAt) else { throw Self.ahead("occurred_at") }
        let entry = entry(
            "add_event", shipment,
            [
                "status": .string(event.status), "location": .string(event.location),
                "occurred_at": .moment(event.occurredAt),
            ], visitor, visit)
        let feed = TrackingFeed(pool: dependencies.pool)
        guard var command = try await feed.take([event], of: shipment, noting: entry, now: dependencies.now()) else {
            return nil
        }
        // Of an older message the newest is the carrier's, and so is its move.
        if command.id == UUID(derivedFrom: "tracking", shipment.uuidString, event.carrierEventID) {
            command = Command(
                id: command.id, machine: command.machine, record: shipment, move: command.move, inputs: command.inputs,
                visitor: visitor)
        }
        switch try await dependencies.engine.perform(command, now: dependencies.now()) {
        case .done: return nil
        case .refused(let refusal): return refusal
        }
    }

    /// Keeps readings of a parcel; those that mean that it was too warm put it on quality hold.
    ///
    /// - Parameters:
    ///   - readings: The readings; one that comes twice is kept once.
    ///   - source: Where they come from.
    ///   - shipment: The parcel.
    ///   - visit: Who sends them.
    /// - Returns: Whether the parcel was put on quality hold by them.
    /// - Throws: ``Problem`` 401, 403, 404, or 422 for a moment that is ahead; `DatabaseError`.
    public func add(
        _ readings: [ColdChain.Reading], from source: TemperatureFeed.Source, to shipment: UUID, _ visit: Visit
    ) async throws -> Bool {
        let visitor = try await demand(shipment, visit)
        guard !readings.contains(where: { isAhead($0.at) }) else { throw Self.ahead("readings") }
        let entry = entry(
            "add_readings", shipment, ["readings": .count(readings.count), "source": .string(source.rawValue)], visitor,
            visit)
        let command = try await TemperatureFeed(pool: dependencies.pool)
            .take(readings, from: source, of: shipment, noting: entry, now: dependencies.now())
        guard let command else { return false }
        if case .done = try await dependencies.engine.perform(command, now: dependencies.now()) { return true }
        return false
    }

    private func demand(_ shipment: UUID, _ visit: Visit) async throws -> Visitor {
        let (visitor, found) = try await visit.read { kind in
            [ResourceRoutes.exists(shipment, in: .shipments, for: kind)]
        }
        guard !found[0].rows.isEmpty else { throw Problem.notFound("shipment") }
        let access = Access.signedIn([.admin], needs: .manageShipments)
        if let refusal = access.refusal(of: visitor, isWrite: true) { throw refusal }
        return visitor
    }

    private func entry(
        _ action: String, _ shipment: UUID, _ after: [String: JSONValue], _ visitor: Visitor, _ visit: Visit
    ) -> AuditEntry {
        AuditEntry(
            actor: visitor.actor, action: "shipment.\(action)", subjectType: "shipment", subjectID: shipment,
            after: after, at: dependencies.now(), address: visit.context.address, session: visitor.sessionID)
    }

    private static func ahead(_ field: String) -> Problem {
        Problem(
            .unprocessableContent,
            faults: [.init(code: "input_invalid", message: "This moment is still ahead.", field: field)])
    }
}
