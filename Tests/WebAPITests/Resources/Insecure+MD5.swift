import Crypto
import Foundation

extension Insecure {
    /// The digest in hex, as PostgreSQL's `md5`.
    static func md5(_ text: String) -> String {
        Insecure.MD5.hash(data: Data(text.utf8)).map { byte in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }.joined()
    }
}
