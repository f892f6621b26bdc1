public import Database
public import Foundation

/// A session that is about to begin, with the tokens that only the browser will have.
public struct NewSession: Sendable {
    /// What is known of the device before.
    public struct Before: Sendable {
        /// The device, when the account has signed in with it before and nobody has revoked it.
        public var device: UUID?
        /// Whether the account has signed in with any.
        public var hasDevices: Bool

        /// Reads a row of ``SignInTry/devices``.
        ///
        /// - Throws: `DatabaseError`.
        public init(_ row: Row) throws {
            (device, hasDevices) = (try row.optional("device"), try row.value("has_devices"))
        }
    }

    /// Its id.
    public let id = UUID.v7()
    /// The cookie's value.
    public let token = SecretToken.make()
    /// By which the device is known next time.
    public let device: String
    /// Whether its owner should be told: they have signed in before, and not with this device.
    public let isNews: Bool
    /// What people recognise the device by.
    public let label: String
    private let account: Account
    private let attempt: SignInTry
    private let known: UUID?
    private let now: Date

    /// Begins a session for somebody who has shown that it is them.
    public init(_ account: Account, _ attempt: SignInTry, before: Before, now: Date) {
        (self.account, self.attempt, known, self.now) = (account, attempt, before.device, now)
        // Another's token is not taken on: a device is one account's.
        device = before.device == nil ? SecretToken.make() : attempt.device ?? SecretToken.make()
        isNews = before.device == nil && before.hasDevices
        label = Self.label(of: attempt.userAgent ?? "")
    }

    /// How long a browser keeps the session's cookie, seconds.
    public static let cookieAge = Int(VisitorSession.Life.absolute)

    /// Opens it, and notes that they signed in (C-14): the statements, for one transaction.
    public var open: [SQL] {
        let (deviceID, kind) = (known ?? UUID.v7(), account.kind)
        let device: SQL =
            if known != nil {
                "UPDATE devices SET last_seen_at = \(now), label = \(label) WHERE id = \(deviceID)"
            } else {
                """
                INSERT INTO devices (id, user_kind, user_id, token_hash, label, first_seen_at, last_seen_at)
                VALUES (\(deviceID), \(kind.rawValue), \(account.id), \(Credential.digest(of: self.device)), \(label),
                    \(now), \(now))
                """
            }
        return [
            device,
            """
            INSERT INTO sessions (id, token_hash, user_kind, user_id, device_id, created_at, last_seen_at, idle,
                expires_at, ip, user_agent)
            SELECT \(id)::uuid, \(Credential.digest(of: token))::bytea, d.user_kind, d.user_id, d.id, \(now)::timestamptz,
                \(now)::timestamptz,
                (CASE WHEN d.enrolled AND d.user_kind = 'sales_rep' THEN \(VisitorSession.Life.idleEnrolled)
                      ELSE \(VisitorSession.Life.idle) END)::interval,
                \(now.addingTimeInterval(VisitorSession.Life.absolute))::timestamptz, \(attempt.address)::inet,
                \(attempt.userAgent.map { String($0.prefix(400)) })::text
            FROM devices d WHERE d.id = \(deviceID)
            """,
            "UPDATE \(kind.table) SET last_login_at = \(now) WHERE id = \(account.id)",
        ]
    }

    /// The browser and the system that it says it is.
    static func label(of agent: String) -> String {
        let browsers = ["Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox"]
        let systems = ["Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows"]
        func named(_ names: [String: String], else usual: [(String, String)]) -> String? {
            names.first { agent.contains($0.key) }?.value ?? usual.first { agent.contains($0.0) }?.1
        }
        // Those whose words others say too come last.
        let browser = named(browsers, else: [("Chrome/", "Chrome"), ("Safari/", "Safari")])
        let parts = [browser, named(systems, else: [("Mac OS", "Mac"), ("Linux", "Linux")])].compactMap(\.self)
        return parts.isEmpty ? "An unknown program" : parts.joined(separator: " on ")
    }
}
