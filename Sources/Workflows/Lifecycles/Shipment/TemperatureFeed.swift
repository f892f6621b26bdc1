public import Database
public import Foundation
import StateMachines

/// Takes temperature readings of a parcel and says when its goods have to be judged.
///
/// Source: R-25, D-38, J-21.
public struct TemperatureFeed: Sendable {
    /// Where readings come from.
    public enum Source: String, Sendable, CaseIterable {
        /// The carrier's truck.
        case carrier
        /// A logger in the parcel.
        case logger
        /// Somebody who held a thermometer in.
        case manual
    }

    private let pool: Pool

    /// Makes it.
    public init(pool: Pool) {
        self.pool = pool
    }

    /// Keeps readings, looks at all that are kept, and says which move follows.
    ///
    /// A reading that comes twice is taken once. The same excursion gives the same command until somebody has decided
    /// about the goods, so that a hold that was not placed for a crash is placed the next time.
    ///
    /// - Parameters:
    ///   - readings: The readings, in any order; none: only look again, for gaps.
    ///   - source: Where they come from.
    ///   - shipment: The parcel.
    ///   - entry: What is put down in the audit log with it, when a person sends them.
    ///   - now: The present, UTC.
    /// - Returns: The command that puts the parcel on quality hold; nil when it is not to be.
    /// - Throws: `DatabaseError`, also when there is no such parcel.
    public func take(
        _ readings: [ColdChain.Reading], from source: Source, of shipment: UUID, noting entry: AuditEntry? = nil,
        now: Date
    ) async throws -> Command? {
        try await pool.transaction { session in
            let results = try session.pipeline([
                """
                SELECT status, quality_hold, collected_at, coalesce(actual_delivery, \(now)) AS looked_until
                FROM shipments WHERE id = \(shipment) FOR NO KEY UPDATE
                """,
                Self.insert(readings, from: source, of: shipment),
                """
                SELECT sensor_id, recorded_at, (temp_f * 100)::integer AS hundredths FROM temperature_readings
                WHERE shipment_id = \(shipment) ORDER BY recorded_at
                """,
                Self.limits,
            ])
            guard let parcel = results[0].rows.first, let limits = results[3].rows.first else { return nil }
            let kept = try results[2].rows.map { row in
                ColdChain.Reading(
                    sensor: try row.value("sensor_id"), at: try row.value("recorded_at"),
                    hundredths: try row.value("hundredths"))
            }
            let transit = try parcel.optional("collected_at", as: Date.self).map {
                ColdChain.Transit(from: $0, to: try parcel.value("looked_until"))
            }
            let events = try ColdChain(limits).events(kept, transit: transit)
            let written = try session.pipeline(
                Self.write(events, of: shipment) + [entry?.insert].compactMap(\.self) + [Self.undecided(shipment)])
            guard try parcel.value("status") != "pending", try parcel.value("quality_hold") == false,
                let excursion = try written.last?.rows.first?.value("id", as: UUID.self)
            else { return nil }
            return Command(
                id: UUID(derivedFrom: "hold_for_quality", excursion.uuidString), machine: ShipmentLifecycle.machine,
                record: shipment, move: "hold_for_quality", actor: Actor(kind: .service, role: "monitor"))
        }
    }

    private static func insert(_ readings: [ColdChain.Reading], from source: Source, of shipment: UUID) -> SQL {
        """
        INSERT INTO temperature_readings (shipment_id, sensor_id, recorded_at, temp_f, source)
        SELECT \(shipment), r.sensor_id, r.recorded_at, r.hundredths / 100.0, \(source.rawValue)
        FROM unnest(\(readings.map(\.sensor)), \(readings.map(\.at)), \(readings.map { Int64($0.hundredths) }))
            AS r (sensor_id, recorded_at, hundredths)
        ON CONFLICT DO NOTHING
        """
    }

    private static let limits: SQL = """
        SELECT (setting('temperature.warning_f') * 100)::integer AS warning_above,
            setting('temperature.warning_minutes')::integer AS warning_minutes,
            (setting('temperature.excursion_f') * 100)::integer AS excursion_above,
            setting('temperature.excursion_minutes')::integer AS excursion_minutes,
            (setting('temperature.immediate_f') * 100)::integer AS at_once_above,
            setting('temperature.gap_minutes')::integer AS gap_minutes
        """

    /// Writes what the readings mean by now; late readings may take a warning or a gap back, never an excursion.
    private static func write(_ events: [ColdChain.Event], of shipment: UUID) -> [SQL] {
        let kinds = events.map(\.kind.rawValue)
        let sensors = events.map(\.sensor)
        let starts = events.map(\.startedAt)
        return [
            """
            DELETE FROM temperature_events t
            WHERE t.shipment_id = \(shipment) AND t.kind <> 'excursion' AND NOT EXISTS (
                SELECT FROM unnest(\(kinds), \(sensors), \(starts)) AS e (kind, sensor_id, started_at)
                WHERE e.kind = t.kind AND e.sensor_id IS NOT DISTINCT FROM t.sensor_id AND e.started_at = t.started_at)
            """,
            """
            INSERT INTO temperature_events AS t (id, shipment_id, sensor_id, kind, started_at, reached_at, ended_at,
                max_temp_f)
            SELECT e.id, \(shipment), e.sensor_id, e.kind, e.started_at, e.reached_at, e.ended_at, e.maximum / 100.0
            FROM unnest(\(events.map { _ in UUID.v7() }), \(kinds), \(sensors), \(starts),
                \(events.map(\.reachedAt)), \(events.map(\.endedAt)), \(events.map { $0.maximum.map(Int64.init) }))
                AS e (id, kind, sensor_id, started_at, reached_at, ended_at, maximum)
            ON CONFLICT (shipment_id, kind, sensor_id, started_at) DO UPDATE
            SET reached_at = excluded.reached_at, ended_at = excluded.ended_at, max_temp_f = excluded.max_temp_f
            WHERE (t.reached_at, t.ended_at, t.max_temp_f)
                IS DISTINCT FROM (excluded.reached_at, excluded.ended_at, excluded.max_temp_f)
            """,
        ]
    }

    private static func undecided(_ shipment: UUID) -> SQL {
        """
        SELECT id FROM temperature_events
        WHERE shipment_id = \(shipment) AND kind = 'excursion' AND decision IS NULL
        ORDER BY started_at, id
        LIMIT 1
        """
    }
}

extension ColdChain {
    fileprivate init(_ row: Row) throws {
        self.init()
        self.warningAbove = try row.value("warning_above")
        self.warningMinutes = try row.value("warning_minutes")
        self.excursionAbove = try row.value("excursion_above")
        self.excursionMinutes = try row.value("excursion_minutes")
        self.atOnceAbove = try row.value("at_once_above")
        self.gapMinutes = try row.value("gap_minutes")
    }
}
