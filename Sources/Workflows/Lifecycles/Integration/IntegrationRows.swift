import Database
import Foundation
import StateMachines

/// The statements of an integration's row and its log.
enum IntegrationRows {
    static func integrations(_ records: SQL, locking: Bool) -> SQL {
        let lock: SQL = locking ? "FOR NO KEY UPDATE OF i" : ""
        return """
            SELECT i.id, i.partner_id, p.time_zone, i.platform, i.platform_name, i.sync_frequency, i.sync_enabled,
                i.next_sync_at, i.expires_at, i.consecutive_failures, i.access_token_enc IS NOT NULL AS has_token,
                CASE WHEN i.sync_sales THEN 'sales' WHEN i.sync_inventory THEN 'inventory'
                     WHEN i.sync_products THEN 'products' WHEN i.sync_customers THEN 'customers' ELSE 'sales' END
                    AS sync_type,
                i.status, i.status_seq, i.status_since
            FROM partner_integrations i JOIN partners p ON p.id = i.partner_id
            WHERE i.id IN (\(records)) ORDER BY i.id
            \(lock)
            """
    }

    /// The partner of the user who connects, under its lock: two connections at once go one after the other.
    static func partner(of user: UUID?) -> SQL {
        """
        SELECT p.id, p.time_zone FROM partners p
        WHERE p.id = (SELECT partner_id FROM partner_users WHERE id = \(user) AND is_active)
        FOR NO KEY UPDATE OF p
        """
    }

    static func isConnected(_ platform: String, named name: String, for user: UUID?) -> SQL {
        """
        SELECT EXISTS (
            SELECT FROM partner_integrations i JOIN partner_users u ON u.partner_id = i.partner_id
            WHERE u.id = \(user) AND i.platform = \(platform) AND lower(i.platform_name) = lower(\(name)::text)
              AND i.status <> 'disconnected') AS is_connected
        """
    }

    static func insert(_ facts: IntegrationFacts, _ standing: RecordStanding) -> SQL {
        """
        INSERT INTO partner_integrations (id, partner_id, platform, platform_name, access_token_enc, refresh_token_enc,
            expires_at, sync_enabled, sync_frequency, next_sync_at, consecutive_failures,
            status, status_seq, status_since)
        VALUES (\(facts.id), \(facts.partnerID), \(facts.platform), \(facts.platformName),
            \(facts.tokens.access?.bytes), \(facts.tokens.refresh?.bytes), \(facts.expiresAt),
            \(facts.isSyncEnabled), \(facts.frequency.rawValue), \(facts.nextSyncAt), \(facts.failures),
            \(standing.state), \(standing.seq), \(standing.since))
        """
    }

    /// Writes the row if it still stands where it was locked; anything else aborts the transaction.
    static func update(_ facts: IntegrationFacts, _ standing: RecordStanding, from before: RecordStanding) -> SQL {
        let tokens: SQL =
            if case .kept = facts.tokens { "" } else {
                """
                access_token_enc = \(facts.tokens.access?.bytes), refresh_token_enc = \(facts.tokens.refresh?.bytes),
                """
            }
        return """
            WITH moved AS (
                UPDATE partner_integrations
                SET \(tokens) expires_at = \(facts.expiresAt), next_sync_at = \(facts.nextSyncAt),
                    consecutive_failures = \(facts.failures),
                    status = \(standing.state), status_seq = \(standing.seq), status_since = \(standing.since)
                WHERE id = \(facts.id) AND status = \(before.state) AND status_seq = \(before.seq)
                RETURNING 1
            )
            SELECT workflow_demand_one((SELECT count(*) FROM moved), 'integration')
            """
    }

    static func log(_ error: String, of facts: IntegrationFacts, at moment: Date) -> SQL {
        """
        INSERT INTO integration_sync_logs (id, integration_id, sync_type, status, error_message, synced_at)
        VALUES (\(UUID.v7()), \(facts.id), \(facts.syncType), 'error', \(error), \(moment))
        """
    }
}

extension IntegrationFacts.Tokens {
    fileprivate var access: SecretBox.Sealed? { if case .stored(let access, _) = self { access } else { nil } }
    fileprivate var refresh: SecretBox.Sealed? { if case .stored(_, let refresh) = self { refresh } else { nil } }
}

extension IntegrationFacts {
    /// Reads a row of ``IntegrationRows/integrations(_:locking:)``.
    init(_ row: Row) throws {
        let zone = try row.value("time_zone", as: String.self)
        self.init(
            id: try row.value("id"), partnerID: try row.value("partner_id"),
            zone: TimeZone(identifier: zone) ?? .gmt, platform: try row.value("platform"),
            platformName: try row.value("platform_name"))
        frequency = Frequency(rawValue: try row.value("sync_frequency")) ?? .hourly
        isSyncEnabled = try row.value("sync_enabled")
        nextSyncAt = try row.optional("next_sync_at")
        expiresAt = try row.optional("expires_at")
        failures = try row.value("consecutive_failures")
        tokens = .kept(isThere: try row.value("has_token"))
        syncType = try row.value("sync_type")
    }
}
