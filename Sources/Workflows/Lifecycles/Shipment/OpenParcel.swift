public import Database
public import Foundation
public import Jobs

/// A parcel that is not delivered yet and of which its carrier can be asked.
///
/// Source: J-21.
public struct OpenParcel: Sendable {
    /// The kind of the job that asks.
    ///
    /// One job lives as long as the parcel is open, and rests between two questions.
    public static let job = "poll_tracking"

    /// The parcel.
    public var id: UUID
    /// Its carrier.
    public var carrier: String
    /// The carrier's number of it.
    public var trackingNumber: String
    /// Whether its temperature is watched.
    public var isTemperatureControlled: Bool

    /// Reads a row of ``one(_:)`` or ``all(of:after:limit:)``.
    ///
    /// - Throws: `DatabaseError`.
    public init(_ row: Row) throws {
        self.id = try row.value("id")
        self.carrier = try row.value("carrier")
        self.trackingNumber = try row.value("tracking_number")
        self.isTemperatureControlled = try row.value("is_temperature_controlled")
    }

    /// A parcel, if it is open.
    public static func one(_ shipment: UUID) -> SQL { "\(open) AND id = \(shipment)" }

    /// The open parcels of some carriers, a portion at a time.
    ///
    /// - Parameters:
    ///   - carriers: Whose.
    ///   - last: The last of the portion before; nil: from the beginning.
    ///   - limit: How many at most.
    /// - Returns: The statement.
    public static func all(of carriers: [String], after last: UUID?, limit: Int) -> SQL {
        """
        \(open) AND carrier = ANY(\(carriers)) AND (\(last)::uuid IS NULL OR id > \(last))
        ORDER BY id LIMIT \(limit)
        """
    }

    /// The job that asks about it; while it lives, there is no second one.
    ///
    /// - Throws: `EncodingError`, which ids never cause.
    public var request: JobRequest {
        get throws {
            JobRequest(
                kind: Self.job,
                payload: RecordJob(machine: ShipmentLifecycle.machine, record: id, event: id, with: [:]).encoded,
                priority: JobPriority.bulk, uniqueKey: id.uuidString,
                subject: JobSubject(machine: ShipmentLifecycle.machine, recordID: id))
        }
    }

    private static let open: SQL = """
        SELECT id, carrier, tracking_number, is_temperature_controlled FROM shipments
        WHERE status <> 'delivered' AND resolution IS NULL AND carrier IS NOT NULL AND tracking_number IS NOT NULL
        """
}
