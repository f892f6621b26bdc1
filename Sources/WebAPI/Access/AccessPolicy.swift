import Crypto
import Foundation

/// Who is let in, until there are accounts: whoever sits at this machine, or whoever knows the token.
public enum AccessPolicy: Sendable {
    /// Whoever reaches the loopback address, and names it.
    ///
    /// The name is checked because a page of a stranger can have its own name point to this machine (DNS rebinding).
    case localOnly
    /// Whoever sends the token, as `Authorization: Bearer` or as the password of a Basic sign-in.
    case token(TokenDigest)
}

/// The digest of a token: what is kept of it in memory.
public struct TokenDigest: Sendable {
    private let digest: SHA256Digest

    /// Digests a token.
    public init(of token: String) {
        digest = SHA256.hash(data: Data(token.utf8))
    }

    /// Whether this is the token.
    ///
    /// Takes the same time whatever part of it is right.
    func matches(_ token: some StringProtocol) -> Bool {
        // SHA256Digest compares in constant time.
        SHA256.hash(data: Data(token.utf8)) == digest
    }
}
