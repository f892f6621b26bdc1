import HTTPTypes
public import HummingbirdCore
import NIOCore
import StateMachines

extension Request {
    /// Reads the body as one JSON value.
    ///
    /// - Throws: ``Problem`` 415 for another kind of content, 413 for too much of it; ``JSONFault``.
    func jsonBody() async throws -> JSONValue {
        guard hasContent("application/json") else { throw Problem.unsupportedMediaType(wanted: "application/json") }
        return try JSONReader.read(try await bodyBytes())
    }

    /// Reads the whole body.
    ///
    /// - Throws: ``Problem`` 413 when it is larger than 64 KiB, whatever its length is said to be.
    public func bodyBytes() async throws -> [UInt8] {
        if let length = headers[.contentLength].flatMap({ Int($0) }), length > RequestLimits.bodyBytes {
            throw Problem.tooLarge(limit: RequestLimits.bodyBytes)
        }
        do {
            return Array(buffer: try await body.collect(upTo: RequestLimits.bodyBytes))
        } catch is NIOTooManyBytesError {
            throw Problem.tooLarge(limit: RequestLimits.bodyBytes)
        }
    }

    /// Whether the body is said to be of this kind, whatever its parameters.
    public func hasContent(_ mediaType: String) -> Bool {
        let type = headers[.contentType]?.prefix { $0 != ";" }.trimmingPrefix { $0 == " " }
        return type.map { String($0).lowercased().split(separator: " ").first == mediaType[...] } ?? false
    }
}
