import Crypto
public import Foundation

/// What an endpoint and this program know, and nobody else: with it deliveries are signed.
///
/// Written as Standard Webhooks has it: `whsec_` and 32 random bytes in Base64.
public struct WebhookSecret: Sendable, Hashable {
    private static let prefix = "whsec_"
    /// The secret as it is shown, once, to whoever made the endpoint.
    public let text: String
    let key: [UInt8]

    /// Makes a new one.
    public static func make() -> WebhookSecret {
        var generator = SystemRandomNumberGenerator()
        return WebhookSecret(key: (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }

    /// Reads one as it is shown; nil when it is none.
    public init?(_ text: String) {
        guard text.hasPrefix(Self.prefix), let key = Data(base64Encoded: String(text.dropFirst(Self.prefix.count))),
            (24...64).contains(key.count)
        else { return nil }
        self.init(key: Array(key))
    }

    private init(key: [UInt8]) {
        self.key = key
        text = Self.prefix + Data(key).base64EncodedString()
    }

    /// Signs a delivery.
    ///
    /// - Parameters:
    ///   - id: `webhook-id`.
    ///   - timestamp: `webhook-timestamp`.
    ///   - body: The body as it is sent.
    /// - Returns: One signature for `webhook-signature`.
    public func signature(id: String, timestamp: Int, body: String) -> String {
        let signed = Data("\(id).\(timestamp).\(body)".utf8)
        let code = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: key))
        return "v1," + Data(code).base64EncodedString()
    }
}

/// The headers by which whoever gets a delivery tells that it is ours, and new.
///
/// Source: Standard Webhooks; SEC-09.
public struct WebhookSignature: Sendable, Hashable {
    /// How old, or how far ahead, a delivery may be: longer ago is somebody who sends it again.
    public static let window: TimeInterval = 300

    /// `webhook-id`: the same at every try of a delivery.
    public var id: String
    /// `webhook-timestamp`: when this try was made, in seconds since 1970.
    public var timestamp: Int
    /// `webhook-signature`: one for each secret that is good, with spaces between them.
    public var signatures: String

    /// Takes the headers of a request that came.
    public init(id: String, timestamp: Int, signatures: String) {
        (self.id, self.timestamp, self.signatures) = (id, timestamp, signatures)
    }

    /// Signs a delivery with every secret that is good at the moment.
    public init(of body: String, id: String, at moment: Date, secrets: [WebhookSecret]) {
        let timestamp = Int(moment.timeIntervalSince1970)
        (self.id, self.timestamp) = (id, timestamp)
        signatures = secrets.map { $0.signature(id: id, timestamp: timestamp, body: body) }.joined(separator: " ")
    }

    /// The headers.
    public var headers: [(name: String, value: String)] {
        [("webhook-id", id), ("webhook-timestamp", "\(timestamp)"), ("webhook-signature", signatures)]
    }

    /// Why a request is not taken.
    public enum Fault: Error, Sendable, Hashable {
        /// It is older, or further ahead, than ``window``.
        case notOfNow
        /// Nobody who knows the secret has signed this id, timestamp and body.
        case notSigned
    }

    /// Makes sure that a body comes from whoever knows the secret, and was sent just now.
    ///
    /// - Parameters:
    ///   - body: The body as it came.
    ///   - secret: The secret.
    ///   - now: The present.
    /// - Throws: ``Fault``.
    public func verify(_ body: String, secret: WebhookSecret, now: Date) throws(Fault) {
        guard abs(now.timeIntervalSince1970 - Double(timestamp)) <= Self.window else { throw .notOfNow }
        let signed = Data("\(id).\(timestamp).\(body)".utf8)
        let isSigned = signatures.split(separator: " ").contains { signature in
            guard signature.hasPrefix("v1,"), let code = Data(base64Encoded: String(signature.dropFirst(3)))
            else { return false }
            return HMAC<SHA256>.isValidAuthenticationCode(
                code, authenticating: signed, using: SymmetricKey(data: secret.key))
        }
        guard isSigned else { throw .notSigned }
    }
}
