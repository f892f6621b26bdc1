import Crypto
import Foundation

/// Tokens that nobody guesses, and what is derived from them.
public enum SecretToken {
    /// How a service token begins, so that one that strayed is found and known.
    public static let servicePrefix = "drz_"

    /// 256 random bits in the letters that an address may have.
    public static func make() -> String { base64URL(randomBytes(32)) }

    /// The token against forged requests that goes with a session's token; whoever has not that one cannot make it.
    ///
    /// Source: SEC-05.
    public static func forgeryGuard(of session: some StringProtocol) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Data("drizzl csrf".utf8), using: SymmetricKey(data: Data(session.utf8)))
        return base64URL(Array(code))
    }

    /// The token against forged requests as it stands in a page: another text each time, so that the length of a compressed
    /// page tells nothing of it.
    ///
    /// - Parameter forgeryGuard: The token.
    /// - Returns: Random bytes, and the token's combined with them.
    public static func masked(_ forgeryGuard: String) -> String {
        let bytes = Array(forgeryGuard.utf8)
        let mask = randomBytes(bytes.count)
        return base64URL(mask + zip(mask, bytes).map { $0 ^ $1 })
    }

    /// Whether a text is a session's token against forged requests, masked or not.
    ///
    /// - Parameters:
    ///   - text: What was sent.
    ///   - forgeryGuard: The token.
    /// - Returns: Whether it is.
    public static func isGuard(_ text: String, _ forgeryGuard: String) -> Bool {
        let plain = text.replacing("-", with: "+").replacing("_", with: "/")
        let padded = plain + String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4)
        let count = forgeryGuard.utf8.count
        guard let bytes = Data(base64Encoded: padded), bytes.count == 2 * count else {
            return areSame(text, forgeryGuard)
        }
        return areSame(
            String(decoding: zip(bytes.prefix(count), bytes.suffix(count)).map { $0 ^ $1 }, as: UTF8.self), forgeryGuard
        )
    }

    /// Whether two texts are the same; takes as long whatever part of them differs.
    public static func areSame(_ one: String, _ other: String) -> Bool {
        SHA256.hash(data: Data(one.utf8)) == SHA256.hash(data: Data(other.utf8))
    }

    static func randomBytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    private static func base64URL(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
