public import Database
public import Foundation

/// Where deliveries go, as it is made and changed.
///
/// To be made as the visitor, whose it then is; the rest is the program's, for a secret is no visitor's to read.
public enum WebhookEndpoint {
    /// The column that a secret is sealed for, also when it has become the one before.
    static let column = "secret_enc"
    /// How long the secret before a rotation is good.
    public static let overlap: TimeInterval = 86_400

    /// Makes one, of the visitor's partner or of the company.
    ///
    /// - Throws: `SecretBox.Fault`.
    public static func make(
        _ id: UUID, url: String, events: [String], description: String, secret: WebhookSecret, sealedIn box: SecretBox
    ) throws(SecretBox.Fault) -> SQL {
        let sealed = try box.seal(secret.text, record: id, column: column)
        return """
            INSERT INTO webhook_endpoints (id, partner_id, url, events, description, secret_enc, created_by_kind,
                created_by)
            VALUES (\(id), visitor.partner(), \(url), \(events), \(description), \(sealed.bytes), visitor.kind(),
                visitor.id())
            """
    }

    /// Gives one a new secret; the old one is good for another ``overlap``.
    ///
    /// - Throws: `SecretBox.Fault`.
    public static func rotate(
        _ id: UUID, to secret: WebhookSecret, sealedIn box: SecretBox, now: Date
    ) throws(SecretBox.Fault) -> SQL {
        let sealed = try box.seal(secret.text, record: id, column: column)
        return """
            UPDATE webhook_endpoints
            SET earlier_enc = secret_enc, earlier_until = \(now.addingTimeInterval(overlap)),
                secret_enc = \(sealed.bytes)
            WHERE id = \(id)
            """
    }

    /// Puts down a ping of one.
    public static func ping(_ delivery: UUID, _ id: UUID) -> SQL {
        """
        INSERT INTO webhook_deliveries (id, endpoint_id, type) VALUES (\(delivery), \(id), 'webhook.ping')
        """
    }

    /// Lets a delivery be made again.
    public static func redeliver(_ delivery: UUID) -> SQL {
        "UPDATE webhook_deliveries SET state = 'pending' WHERE id = \(delivery)"
    }

    /// Switches one off that takes nothing, and opens a task for people.
    public static func disable(_ id: UUID, because reason: String, now: Date) -> SQL {
        "SELECT webhook_disable(\(id), \(reason), \(now))"
    }
}
