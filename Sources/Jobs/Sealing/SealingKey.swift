internal import Crypto
internal import Foundation

/// A key that payloads are sealed with, and the id by which they name it.
public struct SealingKey: Sendable {
    /// Eight hexadecimal digits, made from the key itself: two keys never get the same by mistake, and nobody has to
    /// number them.
    public let id: String
    let key: SymmetricKey

    /// Makes a key.
    ///
    /// - Parameter bytes: 32 random bytes.
    /// - Throws: ``PayloadSealError/badKey`` when there are not as many.
    public init(_ bytes: [UInt8]) throws(PayloadSealError) {
        guard bytes.count == 32 else { throw .badKey }
        // A digest under a name of its own: it tells nothing of the key that helps to open anything.
        let digest = SHA256.hash(data: Data("drizzl payload key id".utf8) + bytes)
        id = digest.prefix(4).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
        key = SymmetricKey(data: bytes)
    }
}

/// Why a payload cannot be sealed or opened.
///
/// None of these says anything of key or payload.
public enum PayloadSealError: SafeTextError, Hashable {
    /// A key has not 32 bytes.
    case badKey
    /// A job is to be sealed, and there is no key to seal it with.
    case noKey(kind: String)
    /// The payload is sealed with a key that is not here.
    case unknownKey(id: String)
    /// The payload was changed, or belongs to another kind of job.
    case broken

    /// What is wrong, and what to do.
    public var safeText: String {
        switch self {
        case .badKey: "a key for payloads has 32 bytes"
        case .noKey(let kind): "jobs of the kind \(kind) are sealed, and no key was given to seal them with"
        case .unknownKey(let id): "the payload is sealed with the key \(id), which this process does not have"
        case .broken: "the payload's seal is broken: it was changed, or sealed for another kind"
        }
    }
}

extension PayloadSealError: CustomStringConvertible {
    /// What is wrong, and what to do.
    public var description: String { safeText }
}
