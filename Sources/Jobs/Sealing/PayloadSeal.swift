internal import Crypto
public import Database
internal import Foundation

/// The ring of keys that seals payloads and opens them.
///
/// AES-256-GCM with a random nonce. The job's kind is sealed in, so that a payload that is copied to a job of another
/// kind cannot be opened there. A sealed payload names its key, so that keys can be changed one after the other: the
/// new one seals, the earlier ones open until no live job names them any more; see ``Queue/sealingKeys()``.
public struct PayloadSeal: Sendable {
    private let current: SealingKey
    private let keys: [String: SealingKey]

    /// Makes a ring.
    ///
    /// - Parameters:
    ///   - current: The key that seals.
    ///   - earlier: Keys that only open.
    public init(current: SealingKey, earlier: [SealingKey] = []) {
        self.current = current
        keys = Dictionary((earlier + [current]).map { ($0.id, $0) }) { first, _ in first }
    }

    /// The id of the key that seals.
    public var currentKeyID: String { current.id }
    /// The ids of all keys, sorted.
    public var keyIDs: [String] { keys.keys.sorted() }

    /// Seals a payload.
    ///
    /// - Parameters:
    ///   - payload: Any JSON.
    ///   - kind: The kind of job, which is no secret; only a job of this kind can be opened.
    /// - Returns: `{"sealed": key id, "box": Base64}`.
    /// - Throws: ``PayloadSealError/noKey(kind:)``, which a ring that was made never does.
    public func seal(_ payload: JSON, kind: String) throws(PayloadSealError) -> JSON {
        guard
            let box = try? AES.GCM.seal(
                Data(payload.text.utf8), using: current.key, authenticating: Data(kind.utf8)),
            let combined = box.combined
        else { throw .noKey(kind: kind) }
        // Neither part needs escaping: hexadecimal digits and Base64.
        return JSON(text: #"{"box": "\#(combined.base64EncodedString())", "sealed": "\#(current.id)"}"#)
    }

    /// Opens a payload.
    ///
    /// - Parameters:
    ///   - payload: As it stands in the queue.
    ///   - kind: The job's kind.
    /// - Returns: The payload; one that is not sealed as it is.
    /// - Throws: ``PayloadSealError/unknownKey(id:)`` or ``PayloadSealError/broken``.
    public func open(_ payload: JSON, kind: String) throws(PayloadSealError) -> JSON {
        guard let sealed = SealedPayload(payload) else { return payload }
        guard let key = keys[sealed.keyID] else { throw .unknownKey(id: sealed.keyID) }
        guard let combined = Data(base64Encoded: sealed.box), let box = try? AES.GCM.SealedBox(combined: combined),
            let opened = try? AES.GCM.open(box, using: key.key, authenticating: Data(kind.utf8))
        else { throw .broken }
        return JSON(text: String(decoding: opened, as: UTF8.self))
    }
}

/// A payload that only those read who have its key.
public struct SealedPayload: Sendable {
    /// Which key opens it.
    public let keyID: String
    let box: String

    private struct Wire: Codable {
        let sealed: String
        let box: String
    }

    /// Recognises a sealed payload; nil when it is in the clear.
    public init?(_ payload: JSON) {
        // As PostgreSQL spells it. Hardly any payload begins so, and the others need not be read.
        guard payload.text.hasPrefix(#"{"box": "#),
            let wire = try? JSONDecoder().decode(Wire.self, from: Data(payload.text.utf8))
        else { return nil }
        (keyID, box) = (wire.sealed, wire.box)
    }

    /// What operators are shown in its place: the key's id, and nothing of what is in it.
    public var shown: JSON { JSON(text: #"{"sealed": "\#(keyID.filter { $0.isLetter || $0.isNumber })"}"#) }
}
