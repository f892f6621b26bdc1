import Foundation
import Jobs
import Workflows

extension Settings {
    /// The box in which tokens of other systems are kept: sealed with `DRIZZL_SECRET_KEY`, or else with a key that this
    /// machine makes once and keeps in `.drizzl/secret.key`, readable by its user alone.
    ///
    /// What was sealed with one of `DRIZZL_EARLIER_SECRET_KEYS` is still opened.
    ///
    /// - Throws: `CocoaError` when the key cannot be read or written; `SecretBox.Fault` when it is none.
    func secretBox() throws -> SecretBox {
        let keys = earlierSecretKeys + [try currentSecretKey()]
        let numbered = keys.enumerated().map { (UInt8($0.offset + 1), $0.element) }
        return try SecretBox(keys: Dictionary(uniqueKeysWithValues: numbered), current: UInt8(keys.count))
    }

    /// The keys with which payloads of jobs are sealed and opened: the same as those of ``secretBox()``.
    ///
    /// - Throws: `CocoaError` when the key cannot be read or written; `PayloadSealError` when it is none.
    func payloadSeal() throws -> PayloadSeal {
        PayloadSeal(
            current: try SealingKey(currentSecretKey()), earlier: try earlierSecretKeys.map { try SealingKey($0) })
    }

    private func currentSecretKey() throws -> [UInt8] { try secretKey ?? keptKey() }

    private func keptKey() throws -> [UInt8] {
        let file = home.appending(path: ".drizzl/secret.key")
        if let kept = try? Data(contentsOf: file) { return Array(kept) }
        var generator = SystemRandomNumberGenerator()
        let made = Data((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        // Linked into place: of two processes that start at once the second finds the first's key, never half of one.
        let draft = file.appendingPathExtension(UUID().uuidString)
        _ = FileManager.default.createFile(
            atPath: draft.path, contents: made, attributes: [.posixPermissions: 0o600])
        try? FileManager.default.linkItem(at: draft, to: file)
        try FileManager.default.removeItem(at: draft)
        return Array(try Data(contentsOf: file))
    }
}
