public import Foundation

/// Keeps files as objects of a bucket, by a server that speaks S3.
public struct ObjectFileStore: FileStore {
    private let bucket: Bucket
    private let now: @Sendable () -> Date
    private let threads = BlockingWork()
    private let handles = CurlHandles()

    /// Makes a store; nothing is connected before it is used.
    ///
    /// - Parameters:
    ///   - bucket: Where, and as whom.
    ///   - now: The present as the server sees it, UTC: it takes no request that is a quarter of an hour off.
    public init(bucket: Bucket, now: @escaping @Sendable () -> Date) {
        (self.bucket, self.now) = (bucket, now)
    }

    /// Sends the file; the server refuses it when what arrives is not what was measured.
    public func keep(_ draft: URL, _ measure: FileMeasure, as key: String) async throws {
        let reply = try await send("PUT", key, .file(draft, measure))
        guard reply.status == 200 else { throw reply.fault }
    }

    /// Asks for the object's length.
    public func size(of key: String) async throws -> Int {
        let reply = try await send("HEAD", key)
        guard reply.status == 200 else { throw reply.fault }
        return reply.length
    }

    /// Fetches a part.
    public func read(_ key: String, _ range: Range<Int>) async throws -> [UInt8] {
        guard !range.isEmpty else { return [] }
        let reply = try await send(
            "GET", key, headers: [("range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)")],
            expecting: range.count)
        guard reply.status == 206, reply.body.count == range.count else { throw reply.fault }
        return reply.body
    }

    /// Removes the object, if it is there.
    public func remove(_ key: String) async throws {
        let reply = try await send("DELETE", key)
        guard [200, 204, 404].contains(reply.status) else { throw reply.fault }
    }

    private func send(
        _ method: String, _ key: String, _ body: ObjectRequest.Body = .none, headers: [(String, String)] = [],
        expecting length: Int = 0
    ) async throws -> ObjectReply {
        let request = ObjectRequest(
            method, bucket.address(of: key), body, headers: headers, signedBy: bucket.signer, at: now())
        return try await threads.run { [handles] in
            try handles.lend { handle throws(StorageError) in try handle.perform(request, expecting: length) }
        }
    }
}

/// A bucket, and as whom one comes to it.
public struct Bucket: Sendable {
    /// The server, such as `https://s3.eu-central-1.amazonaws.com`, without a slash at its end.
    public var endpoint: URL
    /// The bucket's name.
    public var name: String
    let signer: SignatureV4

    /// Names a bucket.
    ///
    /// - Parameters:
    ///   - endpoint: The server, without a slash at its end.
    ///   - name: The bucket's name.
    ///   - region: The region that the server wants to see in signatures.
    ///   - accessKey: The name of the key.
    ///   - secretKey: The key.
    public init(endpoint: URL, name: String, region: String, accessKey: String, secretKey: String) {
        (self.endpoint, self.name) = (endpoint, name)
        signer = SignatureV4(accessKey: accessKey, secretKey: secretKey, region: region, service: "s3")
    }

    /// Where an object is; the bucket stands in the path, which every server understands.
    func address(of key: String) -> URL { endpoint.appending(path: name).appending(path: key) }
}
