public import Documents

/// A way for mail to leave.
public protocol MailTransport: Sendable {
    /// Hands a mail over; returns when the other side has taken responsibility for it.
    ///
    /// - Parameter message: The mail. It reaches all of its recipients, or none.
    /// - Throws: ``MailError``, which says whether another try can help.
    func send(_ message: MailMessage) async throws(MailError)
}

/// Why a mail did not leave.
///
/// The texts hold no address, no password and no part of a mail: they may be logged, stored and shown.
public enum MailError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Another try will fail the same way: the server refused the mail for good, or it is no proper mail.
    case permanent(code: Int?, text: String)
    /// Another try may succeed: the network, the server, TLS or the sign-in failed, not the mail.
    case temporary(code: Int?, text: String)

    /// The server's reply code, when it was the server that refused.
    public var replyCode: Int? {
        switch self {
        case .permanent(let code, _), .temporary(let code, _): code
        }
    }

    /// What happened, safe for any eyes.
    public var text: String {
        switch self {
        case .permanent(_, let text), .temporary(_, let text): text
        }
    }

    /// Whether the mail should be tried again later.
    public var isRetryable: Bool {
        switch self {
        case .permanent: false
        case .temporary: true
        }
    }

    /// The text, with the reply code if there is one.
    public var description: String { replyCode.map { "\(text) (reply \($0))" } ?? text }
}
