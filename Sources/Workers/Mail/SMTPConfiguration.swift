import Foundation

/// Which mail server, and how to speak to it.
public struct SMTPConfiguration: Sendable {
    /// Whether the connection must be encrypted after the greeting.
    ///
    /// A `smtps` server is always encrypted.
    public enum StartTLS: String, Sendable, CaseIterable {
        /// No encryption, no mail.
        ///
        /// The certificate is checked.
        case required
        /// Encrypted when the server offers it, and then the certificate is checked; else in the clear, password too.
        case opportunistic
        /// In the clear, password too. For a server on the same machine.
        case none
    }

    /// `smtp://host:port` or `smtps://host:port`, without user and path.
    public let url: String
    /// The user to sign in as; `nil` sends without signing in.
    public var user: String?
    /// The user's password.
    public var password: String?
    /// Whether to encrypt.
    public var startTLS: StartTLS
    /// A file of certificates to trust instead of the system's.
    public var certificateAuthorityFile: String?
    /// How many connections to hold at most, each with a thread of its own.
    public var connections: Int
    /// How long connecting may take, TLS included.
    public var connectTimeout: Duration
    /// How long a mail may take altogether.
    public var timeout: Duration

    /// Makes a configuration.
    ///
    /// - Throws: ``SMTPConfigurationError`` when the URL is none of a mail server.
    public init(
        url: String, user: String? = nil, password: String? = nil, startTLS: StartTLS = .required,
        certificateAuthorityFile: String? = nil, connections: Int = 2, connectTimeout: Duration = .seconds(10),
        timeout: Duration = .seconds(60)
    ) throws(SMTPConfigurationError) {
        guard let parts = URLComponents(string: url), let host = parts.host, !host.isEmpty else { throw .notAURL }
        guard let scheme = parts.scheme?.lowercased(), ["smtp", "smtps"].contains(scheme) else { throw .wrongScheme }
        guard parts.user == nil, parts.password == nil else { throw .userInURL }
        guard ["", "/"].contains(parts.path), parts.query == nil, parts.fragment == nil else { throw .notAURL }
        self.url = url
        self.user = user
        self.password = password
        self.startTLS = startTLS
        self.certificateAuthorityFile = certificateAuthorityFile
        self.connections = max(1, connections)
        self.connectTimeout = connectTimeout
        self.timeout = timeout
    }
}

/// Why a text is no address of a mail server.
///
/// The text itself is not repeated: it may hold a password.
public enum SMTPConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Not a URL with a host and nothing but a port behind it.
    case notAURL
    /// Neither `smtp` nor `smtps`.
    case wrongScheme
    /// User and password have their own settings.
    case userInURL

    /// A sentence that says what is wrong and how it should be.
    public var description: String {
        switch self {
        case .notAURL: "The mail server's address must look like smtp://host:587 or smtps://host:465."
        case .wrongScheme: "The mail server's address must begin with smtp:// or smtps://."
        case .userInURL: "The mail server's address must not hold a user or a password; they have their own settings."
        }
    }
}
