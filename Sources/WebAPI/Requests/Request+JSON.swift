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
            return Array(
                buffer: try await inTime(RequestLimits.bodyTime) { [body] in
                    try await body.collect(upTo: RequestLimits.bodyBytes)
                })
        } catch is NIOTooManyBytesError {
            throw Problem.tooLarge(limit: RequestLimits.bodyBytes)
        }
    }

    /// Does something that waits for the client, who may not take longer than this over it.
    ///
    /// - Parameters:
    ///   - limit: The time.
    ///   - body: What to do; it is cancelled when the time is up.
    /// - Returns: What the body returns.
    /// - Throws: ``Problem`` 408; what the body throws.
    func inTime<Value: Sendable>(
        _ limit: Duration, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        // What has arrived already, or is not to come, needs no watch.
        guard headers[.contentLength] != "0" else { return try await body() }
        return try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: limit)
                throw Problem.tooSlow
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw CancellationError() }
            return value
        }
    }

    /// Whether the body is said to be of this kind, whatever its parameters.
    public func hasContent(_ mediaType: String) -> Bool {
        let type = headers[.contentType]?.prefix { $0 != ";" }.trimmingPrefix { $0 == " " }
        return type.map { String($0).lowercased().split(separator: " ").first == mediaType[...] } ?? false
    }
}
