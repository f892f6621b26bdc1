import Crypto
import Foundation

/// A request to a server that speaks S3, signed.
struct ObjectRequest: Sendable {
    /// What goes along.
    enum Body: Sendable {
        case none
        case file(URL, FileMeasure)
    }

    let method: String
    let address: URL
    let body: Body
    /// `Name: value`, all but those that libcurl writes by itself.
    let headers: [String]

    /// Makes a request.
    ///
    /// - Parameters:
    ///   - method: The method.
    ///   - address: The object.
    ///   - body: What goes along; its digest is signed too.
    ///   - headers: What else is said, names in lower case.
    ///   - signer: Who signs.
    ///   - moment: The present, UTC.
    init(
        _ method: String, _ address: URL, _ body: Body, headers: [(String, String)], signedBy signer: SignatureV4,
        at moment: Date
    ) {
        (self.method, self.address, self.body) = (method, address, body)
        let payload =
            switch body {
            case .none: SignatureV4.hex(SHA256.hash(data: Data()))
            case .file(_, let measure): SignatureV4.hex(measure.sha256)
            }
        let host = (address.host() ?? "") + (address.port.map { ":\($0)" } ?? "")
        let signed =
            headers + [
                ("host", host), ("x-amz-content-sha256", payload), ("x-amz-date", SignatureV4.time(moment)),
            ]
        let authorization = signer.authorization(
            for: .init(method: method, path: address.path(percentEncoded: true), headers: signed, payload: payload),
            at: moment)
        self.headers = (signed + [("authorization", authorization)]).map { "\($0): \($1)" }
    }
}

/// How the server answered.
struct ObjectReply: Sendable {
    var status: Int
    /// The length that it says the content has.
    var length: Int
    var body: [UInt8]

    /// What is wrong when it is not the answer that was hoped for.
    var fault: StorageError {
        status == 404
            ? StorageError("There is no such object in the bucket.", isMissing: true)
            : StorageError("The object store answered \(status)\(code.map { " (\($0))" } ?? "").")
    }

    /// The error's code, out of a little XML.
    private var code: String? {
        let text = String(decoding: body.prefix(1_000), as: UTF8.self)
        return text.firstMatch(of: /<Code>([A-Za-z0-9]{1,60})<\/Code>/).map { String($0.1) }
    }
}
