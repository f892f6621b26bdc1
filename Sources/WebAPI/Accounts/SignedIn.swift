public import Accounts
public import HTTPTypes

/// What somebody who has signed in is given.
public struct SignedIn: Sendable {
    /// The headers that hand out the session and its device.
    public var cookies: HTTPFields
    /// The session's token against forged requests.
    public var csrf: String
}

/// The secret of a second factor that its owner has to take down.
public struct Enrolment: Sendable {
    /// The secret.
    public var code: TimeCode
    /// The account's address.
    public var email: String
}
