import Crypto
package import Foundation

extension UUID {
    /// An id that the same parts give everywhere, in the form for such ids (RFC 9562, version 8).
    package init(derivedFrom parts: String...) {
        // A separator that no part holds keeps ("a", "bc") and ("ab", "c") apart.
        let digest = SHA256.hash(data: Data(parts.joined(separator: "\u{1F}").utf8))
        var bytes = Array(digest.prefix(16))
        bytes[6] = (bytes[6] & 0x0F) | 0x80
        bytes[8] = (bytes[8] & 0x3F) | 0x80
        self = bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }
}
