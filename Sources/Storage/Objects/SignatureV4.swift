import Crypto
import Foundation

/// Signs requests as AWS and what speaks like it want them signed ("Signature Version 4").
struct SignatureV4: Sendable {
    /// What is signed of a request.
    struct Request {
        var method: String
        /// As it is sent: encoded.
        var path = "/"
        var query: [(String, String)] = []
        /// Names in lower case; every one is signed.
        var headers: [(String, String)]
        /// The SHA-256 of the body, in hexadecimal digits.
        var payload: String
    }

    var accessKey: String
    var secretKey: String
    var region: String
    var service: String

    /// What stands in `Authorization`.
    ///
    /// - Parameters:
    ///   - request: The request; `x-amz-date` is among its headers.
    ///   - moment: The same moment.
    /// - Returns: The header's value.
    func authorization(for request: Request, at moment: Date) -> String {
        let time = Self.time(moment)
        let scope = "\(time.prefix(8))/\(region)/\(service)/aws4_request"
        let names = Set(request.headers.map(\.0)).sorted()
        let canonical = [
            request.method, request.path, Self.canonical(request.query),
            names.map { "\($0):\(Self.values(of: $0, in: request.headers))\n" }.joined(),
            names.joined(separator: ";"), request.payload,
        ].joined(separator: "\n")
        let text = "AWS4-HMAC-SHA256\n\(time)\n\(scope)\n\(Self.hex(SHA256.hash(data: Data(canonical.utf8))))"
        var key = SymmetricKey(data: Data("AWS4\(secretKey)".utf8))
        for part in scope.split(separator: "/") {
            key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Data(part.utf8), using: key))
        }
        let signature = Self.hex(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key))
        return "AWS4-HMAC-SHA256 Credential=\(accessKey)/\(scope), SignedHeaders=\(names.joined(separator: ";")), "
            + "Signature=\(signature)"
    }

    /// A moment as it stands in `x-amz-date`.
    static func time(_ moment: Date) -> String {
        moment.formatted(.iso8601.dateSeparator(.omitted).timeSeparator(.omitted))
    }

    /// Bytes in hexadecimal digits; `Database` has the same, but is not this module's to import.
    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    private static func canonical(_ query: [(String, String)]) -> String {
        query.map { (encoded($0.0), encoded($0.1)) }.sorted { $0 < $1 }.map { "\($0)=\($1)" }.joined(separator: "&")
    }

    private static func values(of name: String, in headers: [(String, String)]) -> String {
        headers.filter { $0.0 == name }.map { $0.1.split(separator: " ").joined(separator: " ") }.joined(separator: ",")
    }

    /// As RFC 3986 has it: everything but unreserved characters by its bytes.
    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch Character(Unicode.Scalar(byte)) {
            case "A"..."Z", "a"..."z", "0"..."9", "-", ".", "_", "~": String(Unicode.Scalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}
