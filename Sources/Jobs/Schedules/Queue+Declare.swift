public import Database
public import Foundation

extension Queue {
    /// Makes the stored schedules those that the program declares.
    ///
    /// One that is new, or whose expression or zone changed, fires next at its first moment after `now`. One that stands
    /// as declared keeps its next fire, also an overdue one, and whether it is paused. One that is no longer declared is
    /// removed.
    ///
    /// - Parameters:
    ///   - schedules: All that there are, each under a name of its own.
    ///   - now: The caller's clock.
    /// - Returns: A statement giving the `name` of each schedule that was added or changed.
    /// - Throws: `EncodingError`, when a request cannot be written as JSON.
    public static func declare(_ schedules: [Schedule], now: Date) throws -> SQL {
        let requests = try schedules.map { JSON(text: String(decoding: try encoder.encode($0.request), as: UTF8.self)) }
        return """
            WITH asked AS MATERIALIZED (
                SELECT *
                FROM unnest(\(schedules.map(\.name))::text[], \(schedules.map(\.cron.text))::text[],
                            \(schedules.map(\.zone.identifier))::text[], \(schedules.map(\.catchUp.rawValue))::text[],
                            \(requests)::jsonb[],
                            \(schedules.map { $0.cron.next(after: now, in: $0.zone) })::timestamptz[])
                     AS a (name, expression, zone, catch_up, request, next_fire_at)
            ),
            removed AS (
                DELETE FROM queue.schedules s WHERE NOT EXISTS (SELECT FROM asked a WHERE a.name = s.name)
            )
            INSERT INTO queue.schedules AS s (name, expression, zone, catch_up, request, next_fire_at)
            SELECT name, expression, zone, catch_up, request, next_fire_at
            FROM asked
            -- In the order of the names: two programs that start at once meet at the first.
            ORDER BY name COLLATE "C"
            ON CONFLICT (name) DO UPDATE
            SET expression = excluded.expression, zone = excluded.zone, catch_up = excluded.catch_up,
                request = excluded.request,
                next_fire_at = CASE WHEN (s.expression, s.zone) = (excluded.expression, excluded.zone)
                                    THEN s.next_fire_at ELSE excluded.next_fire_at END
            WHERE (s.expression, s.zone, s.catch_up, s.request)
                IS DISTINCT FROM (excluded.expression, excluded.zone, excluded.catch_up, excluded.request)
            RETURNING name
            """
    }

    private static var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return encoder
    }
}
