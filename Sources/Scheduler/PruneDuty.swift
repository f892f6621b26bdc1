public import Database
public import Foundation

/// Forgets what is over: sessions, tokens and links that ran out, tries to sign in, answers, what was told (J-30).
///
/// How long each is kept, the settings say (`retention.…_days`). Safe on any node at any time. Source: SEC-16.
public struct PruneDuty: Duty {
    /// The name, for logs.
    public let name = "forget what is over"
    /// How long to rest.
    public let interval: Duration
    private let pool: Pool
    private let portion: Int
    private let now: @Sendable () -> Date

    /// Makes the duty.
    ///
    /// - Parameters:
    ///   - pool: The database.
    ///   - portion: How many rows of each kind at once.
    ///   - interval: How long to rest.
    ///   - now: The clock by which things run out.
    public init(
        pool: Pool, portion: Int = 1_000, interval: Duration = .seconds(3_600), now: @escaping @Sendable () -> Date
    ) {
        (self.pool, self.portion, self.interval, self.now) = (pool, portion, interval, now)
    }

    /// Forgets a portion.
    ///
    /// - Returns: Whether there is more.
    /// - Throws: `DatabaseError`.
    public func run() async throws -> Bool {
        var hasMore = false
        for statement in statements {
            try Task.checkCancellation()
            let forgotten: Int = try await pool.query(statement).first?.value("forgotten") ?? 0
            hasMore = hasMore || forgotten >= portion
        }
        return hasMore
    }

    /// In this order: a device is kept while a session names it.
    private var statements: [SQL] {
        let credentials = cutoff("credentials")
        return [
            forget("sessions", where: "expires_at < \(credentials)"),
            forget("service_tokens", where: "expires_at < \(credentials)"),
            forget("password_resets", where: "expires_at < \(credentials)"),
            // A device has no end of its own. No session outlasts thirty days: one that was not seen for sixty has none.
            forget(
                "devices",
                where: """
                    coalesce(revoked_at, last_seen_at + interval '30 days') < \(credentials)
                        AND NOT EXISTS (SELECT FROM sessions s WHERE s.device_id = t.id)
                    """),
            // These count for a quarter of an hour; addresses of machines are not kept for longer than a day.
            forget("sign_in_attempts", where: "last_at < \(now())::timestamptz - interval '1 day'"),
            forget("sign_in_buckets", where: "at < \(now())::timestamptz - interval '1 day'"),
            forget("request_answers", where: "created_at < \(cutoff("answers"))"),
            forget(
                "webhook_deliveries", where: "created_at < \(cutoff("webhook_deliveries")) AND state <> 'pending'"),
        ]
    }

    private func forget(_ table: SQL, where isOver: SQL) -> SQL {
        """
        WITH gone AS (
            DELETE FROM \(table)
            WHERE ctid = ANY (ARRAY(SELECT t.ctid FROM \(table) t WHERE \(isOver) LIMIT \(portion)::bigint))
            RETURNING 1
        )
        SELECT count(*) AS forgotten FROM gone
        """
    }

    /// What is older than this is forgotten.
    private func cutoff(_ what: String) -> SQL {
        """
        (\(now())::timestamptz - make_interval(days => coalesce(
            (SELECT (s.value #>> '{}')::integer FROM settings s WHERE s.key = \("retention.\(what)_days")), 30)))
        """
    }
}
