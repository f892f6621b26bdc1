public import Foundation
public import StateMachines

/// Everything that the guards of an integration look at and its moves change.
public struct IntegrationFacts: Sendable {
    /// How often it is synced.
    public enum Frequency: String, Sendable, CaseIterable {
        /// When the other system says that something changed; looked at now and then, for it may forget to.
        case realtime
        /// Each hour.
        case hourly
        /// Each day.
        case daily

        /// The time from one sync to the next, seconds.
        public var seconds: TimeInterval {
            switch self {
            case .realtime: 15 * 60
            case .hourly: 3_600
            case .daily: 86_400
            }
        }
    }

    /// What becomes of the tokens in the row; what they are is never read by a move.
    public enum Tokens: Sendable, Hashable {
        /// They stay as they are.
        case kept(isThere: Bool)
        /// These are stored.
        case stored(access: SecretBox.Sealed?, refresh: SecretBox.Sealed?)
        /// They are deleted.
        case wiped

        /// Whether the row has an access token after the move.
        public var areThere: Bool {
            switch self {
            case .kept(let isThere): isThere
            case .stored(let access, _): access != nil
            case .wiped: false
            }
        }
    }

    /// What was given when it was connected.
    public struct Offer: Sendable, Hashable {
        /// The access token.
        public var access: SecretBox.Sealed?
        /// The refresh token.
        public var refresh: SecretBox.Sealed?
        /// When the access token runs out.
        public var expiresAt: Date?
    }

    /// The integration.
    public var id: UUID
    /// Whose it is.
    public var partnerID: UUID
    /// The partner's zone.
    public var zone: TimeZone
    /// The system it is connected to.
    public var platform: String
    /// Its name.
    public var platformName: String
    /// How often it is synced.
    public var frequency: Frequency = .hourly
    /// Whether it is synced at all.
    public var isSyncEnabled = true
    /// When it is synced next.
    public var nextSyncAt: Date?
    /// When the access token runs out.
    public var expiresAt: Date?
    /// Failed syncs in a row.
    public var failures = 0
    /// What becomes of the tokens.
    public var tokens: Tokens = .kept(isThere: false)
    /// Tokens that were given for storing.
    public var offer: Offer?
    /// Whether the partner has a live connection to the same system; only while it is made.
    public var isConnectedAlready = false
    /// What is synced first; a failed attempt is logged under it.
    public var syncType = "sales"
    /// Failed attempts that are to be logged, by what went wrong.
    public var newErrors: [String] = []
}

extension IntegrationFacts: Governed {
    /// `next_sync_at` or `expires_at`.
    public func value(ofFact name: String) -> FactValue? {
        switch name {
        case "next_sync_at": nextSyncAt.map(FactValue.instant)
        case "expires_at": expiresAt.map(FactValue.instant)
        default: nil
        }
    }

    /// The partner's zone.
    public func zone(named name: String) -> TimeZone? { name == "partner" ? zone : nil }

    /// The columns that history shows; of the tokens only whether they are there.
    public var columns: [String: JSONValue] {
        [
            "platform": .string(platform), "platform_name": .string(platformName),
            "sync_frequency": .string(frequency.rawValue), "next_sync_at": .optional(nextSyncAt),
            "expires_at": .optional(expiresAt), "consecutive_failures": .integer(Int64(failures)),
            "has_token": .boolean(tokens.areThere),
        ]
    }

    /// Nothing: the states of an integration stamp no column.
    public mutating func stamp(_ column: String, at moment: Date, calendar: CompanyCalendar) {}
}
