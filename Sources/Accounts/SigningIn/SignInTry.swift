import Crypto
public import Database
public import Foundation

/// A try to sign in, counted before the password is looked at (SEC-03).
public struct SignInTry: Sendable {
    /// How many tries an address may have.
    public struct Limits: Sendable {
        /// How many at once, from one address; from its network, five times as many.
        public var capacity: Double
        /// How many come again each second.
        public var refill: Double

        /// Makes limits.
        public init(capacity: Double = 60, refill: Double = 1) {
            (self.capacity, self.refill) = (capacity, refill)
        }
    }

    /// Which portal.
    public var kind: Visitor.Kind
    /// The address that was typed.
    public var email: String
    /// The token of a device that signed in before.
    public var device: String?
    /// From where.
    public var address: String?
    /// What was typed with it.
    public var userAgent: String?

    /// Makes a try.
    public init(kind: Visitor.Kind, email: String, device: String?, address: String?, userAgent: String?) {
        (self.kind, self.email, self.device) = (kind, email, device)
        (self.address, self.userAgent) = (address, userAgent)
    }

    /// Counts the try; one row with `wait`, the seconds to wait, 0 when it may go on.
    ///
    /// A device that the account signed in with before has a count of its own, so that nobody locks its owner out. The
    /// count is by address whether there is such an account or not.
    public func count(limits: Limits, now: Date) -> SQL {
        let hash = device.map { Credential.digest(of: $0) }
        return """
            SELECT visitor.count_try(
                coalesce((
                    SELECT sha256(d.token_hash) FROM devices d JOIN \(kind.table) u ON u.id = d.user_id
                    WHERE d.token_hash = \(hash)::bytea AND d.user_kind = \(kind.rawValue) AND d.revoked_at IS NULL
                      AND u.email = \(email)::citext),
                \(Self.key(kind, email))::bytea),
                \(address)::inet, \(limits.capacity)::double precision, \(limits.refill)::double precision, \(now)
            ) AS wait
            """
    }

    /// What is known of the account's devices, for ``NewSession/Before``; no row when there is no such account.
    public var devices: SQL {
        let hash = device.map { Credential.digest(of: $0) }
        return """
            SELECT EXISTS (
                    SELECT FROM devices d WHERE d.user_kind = \(kind.rawValue) AND d.user_id = u.id) AS has_devices,
                (SELECT d.id FROM devices d
                 WHERE d.token_hash = \(hash)::bytea AND d.user_kind = \(kind.rawValue) AND d.user_id = u.id
                   AND d.revoked_at IS NULL) AS device
            FROM \(kind.table) u WHERE u.email = \(email)::citext AND u.is_active
            """
    }

    /// Forgets what was counted by address, and by the device.
    public var forget: [SQL] {
        var statements = [Self.forget(kind, email: email)]
        if let device {
            let hash = Array(SHA256.hash(data: Data(Credential.digest(of: device))))
            statements.append("DELETE FROM sign_in_attempts WHERE account = \(hash)")
        }
        return statements
    }

    /// Forgets what was counted by address: a reset ends the lock.
    static func forget(_ kind: Visitor.Kind, email: String) -> SQL {
        "DELETE FROM sign_in_attempts WHERE account = \(key(kind, email))"
    }

    private static func key(_ kind: Visitor.Kind, _ email: String) -> [UInt8] {
        Credential.digest(of: "\(kind.rawValue)/\(email.lowercased())")
    }
}
