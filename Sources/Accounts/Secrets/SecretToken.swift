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
