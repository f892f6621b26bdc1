import Foundation
import Workflows

extension Settings {
    /// The box in which tokens of other systems are kept: sealed with `DRIZZL_SECRET_KEY`, or else with a key that this
    /// machine makes once and keeps in `.drizzl/secret.key`, readable by its user alone.
    ///
    /// - Throws: `CocoaError` when the key cannot be read or written; `SecretBox.Fault` when it is none.
    func secretBox() throws -> SecretBox {
        let key = try secretKey ?? keptKey()
        return try SecretBox(keys: [1: key], current: 1)
    }

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
