public import Accounts
public import Foundation
public import Jobs

/// A mail about somebody's account: a link to set a password, or news that they should know of (SEC-03, SEC-04).
public struct AccountMail: JobPayload, Hashable {
    /// `send_account_mail`.
    public static let kind = "send_account_mail"
    /// Somebody waits for it.
    public static let priority = JobPriority.interactive

    /// What the mail says.
    public enum Subject: String, Sendable, Codable {
        /// A link to set a new password.
        case reset
        /// A link to set the first one.
        case invitation
        /// Somebody signed in with a device that was not seen before.
        case newDevice = "new_device"
        /// The password was changed.
        case passwordChanged = "password_changed"
        /// A second factor was set up.
        case secondFactor = "second_factor"
    }

    /// What the mail says.
    public var about: Subject
    /// To whose portal they belong: a word of `Visitor.Kind`.
    public var userKind: String
    /// Whose account it is.
    public var user: UUID
    /// What else is said, such as the name of the device.
    public var detail: String

    /// Asks for a mail.
    public init(_ about: Subject, to kind: Visitor.Kind, _ user: UUID, detail: String = "") {
        (self.about, userKind, self.user, self.detail) = (about, kind.rawValue, user, detail)
    }

    /// One link at a time is on its way; each piece of news is its own.
    public var uniqueKey: String? {
        switch about {
        case .reset, .invitation: "\(about.rawValue)/\(userKind)/\(user)"
        case .newDevice, .passwordChanged, .secondFactor: nil
        }
    }
}
