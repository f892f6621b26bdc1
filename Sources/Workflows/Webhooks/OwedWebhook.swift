public import Database
public import Foundation

/// A delivery as it is to be made: to whom, and what is said.
public struct OwedWebhook: Sendable {
    /// The delivery.
    public var id: UUID
    /// The endpoint.
    public var endpoint: UUID
    /// Its address.
    public var url: String
    /// What is said, in JSON.
    public var body: String
    /// Whether it was taken already.
    public var isDelivered: Bool
    /// Whether the endpoint is on, and its owner may be told of the record at this moment.
    public var isDue: Bool
    /// Since when the endpoint takes nothing.
    public var failingSince: Date?
    private var secret: SecretBox.Sealed
    private var earlier: SecretBox.Sealed?
    private var earlierUntil: Date?

    /// Reads a delivery.
    ///
    /// What is said is the event as its history has it, without what was typed into it: ids, and no personal data.
    ///
    /// - Parameter delivery: Its id.
    /// - Returns: A statement with one row for ``init(_:)``, or none.
    public static func of(_ delivery: UUID) -> SQL {
        """
        SELECT d.id, d.endpoint_id, w.url, d.state = 'delivered' AS is_delivered, w.failing_since,
            w.is_active AND (d.machine IS NULL OR webhook_sees(w.partner_id, d.machine, d.record_id)) AS is_due,
            w.secret_enc, w.earlier_enc, w.earlier_until,
            json_build_object('type', d.type, 'timestamp', \(moment("coalesce(e.at, d.created_at)")), 'data',
                CASE WHEN e.id IS NULL THEN json_build_object('endpoint_id', w.id)
                     ELSE json_build_object('id', e.id, 'machine', e.machine, 'record_id', e.record_id, 'seq', e.seq,
                        'kind', e.kind, 'move', e.move, 'from', e.from_state, 'to', e.to_state,
                        'actor', json_build_object('kind', e.actor_kind, 'id', e.actor_id, 'role', e.role),
                        'caused_by', e.caused_by, 'as_of', \(moment("e.as_of")), 'at', \(moment("e.at")))
                END)::text AS body
        FROM webhook_deliveries d
        JOIN webhook_endpoints w ON w.id = d.endpoint_id
        LEFT JOIN workflow_events e ON e.id = d.event_id
        WHERE d.id = \(delivery)
        """
    }

    /// As the API writes moments.
    private static func moment(_ column: SQL) -> SQL {
        """
        replace(to_char(\(column) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), '.000Z', 'Z')
        """
    }

    /// Reads a row of ``of(_:)``.
    ///
    /// - Throws: `DatabaseError`.
    public init(_ row: Row) throws {
        (id, endpoint) = (try row.value("id"), try row.value("endpoint_id"))
        (url, body) = (try row.value("url"), try row.value("body"))
        (isDelivered, isDue) = (try row.value("is_delivered"), try row.value("is_due"))
        failingSince = try row.optional("failing_since")
        secret = SecretBox.Sealed(bytes: try row.value("secret_enc"))
        earlier = try row.optional("earlier_enc", as: [UInt8].self).map { SecretBox.Sealed(bytes: $0) }
        earlierUntil = try row.optional("earlier_until")
    }

    /// The headers of a try, signed with the secret, and with the one before it while that is good.
    ///
    /// - Throws: `SecretBox.Fault`.
    public func headers(_ box: SecretBox, now: Date) throws(SecretBox.Fault) -> [(name: String, value: String)] {
        var secrets = [try box.open(secret, record: endpoint, column: WebhookEndpoint.column)]
        if let earlier, let earlierUntil, earlierUntil > now {
            secrets.append(try box.open(earlier, record: endpoint, column: WebhookEndpoint.column))
        }
        let signature = WebhookSignature(
            of: body, id: id.uuidString.lowercased(), at: now, secrets: secrets.compactMap { WebhookSecret($0) })
        return [("Content-Type", "application/json")] + signature.headers
    }
}

/// What came of a try.
public struct WebhookTry: Sendable {
    /// What is next.
    public enum State: String, Sendable {
        /// Another try.
        case pending
        /// Nothing: it was taken.
        case delivered
        /// Nothing: it was given up.
        case failed
        /// Nothing: the endpoint is off, or its owner may not be told any more.
        case dropped
    }

    /// What is next.
    public var state: State
    /// What the endpoint answered.
    public var status: Int?
    /// What kept it from being taken.
    public var error: String?
    /// How long it took.
    public var took: Duration
    /// When, UTC.
    public var at: Date

    /// Describes a try.
    public init(_ state: State, status: Int? = nil, error: String? = nil, took: Duration = .zero, at: Date) {
        (self.state, self.status, self.error, self.took, self.at) = (state, status, error, took, at)
    }

    /// Keeps it with its delivery, and whether the endpoint takes anything.
    public func keep(of delivery: UUID) -> SQL {
        let milliseconds = Int(took / .milliseconds(1))
        return """
            WITH tried AS (
                UPDATE webhook_deliveries d
                SET state = \(state.rawValue), tries = tries + 1, status = \(status)::smallint, error = \(error)::text,
                    duration_ms = \(milliseconds)::integer, tried_at = \(at),
                    attempts = CASE WHEN jsonb_array_length(attempts) >= 50 THEN attempts - 0 ELSE attempts END
                        || jsonb_build_object('at', to_char(\(at)::timestamptz AT TIME ZONE 'UTC',
                            'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'status', \(status)::smallint, 'error', \(error)::text,
                            'duration_ms', \(milliseconds)::integer)
                WHERE id = \(delivery)
                RETURNING endpoint_id
            )
            UPDATE webhook_endpoints w
            SET failing_since = CASE WHEN \(state == .delivered) THEN NULL ELSE \(at)::timestamptz END
            FROM tried WHERE w.id = tried.endpoint_id AND (w.failing_since IS NULL) <> \(state == .delivered)
            """
    }

    /// Keeps that a delivery is no longer due, which is no try.
    public static func drop(_ delivery: UUID) -> SQL {
        "UPDATE webhook_deliveries SET state = 'dropped' WHERE id = \(delivery) AND state = 'pending'"
    }
}
