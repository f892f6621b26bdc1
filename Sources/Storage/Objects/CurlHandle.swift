internal import CCurl
import Foundation
import Synchronization

/// libcurl's handles, each with the connection that it has kept.
final class CurlHandles: Sendable {
    private let idle = Mutex<[CurlHandle]>([])

    /// Lends a handle, a new one when none is idle.
    ///
    /// - Throws: What the body throws.
    func lend<Value>(_ body: (CurlHandle) throws(StorageError) -> Value) throws(StorageError) -> Value {
        let handle = idle.withLock { $0.popLast() } ?? CurlHandle()
        defer { idle.withLock { $0.append(handle) } }
        return try body(handle)
    }
}

/// One of libcurl's handles.
///
/// Unchecked, because it is lent to one thread at a time.
final class CurlHandle: @unchecked Sendable {
    private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
    /// The most that is read of an answer that is no file.
    private static let usualLimit = 64 << 10

    private let handle: UnsafeMutableRawPointer?

    init() { handle = Self.isReady ? curl_easy_init() : nil }

    deinit { if let handle { curl_easy_cleanup(handle) } }

    /// Sends a request and waits for its answer.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - length: How long the answer's body is, if it is a file's.
    /// - Returns: The answer.
    /// - Throws: ``StorageError`` when there is none.
    func perform(_ request: ObjectRequest, expecting length: Int) throws(StorageError) -> ObjectReply {
        guard let handle else { throw StorageError("libcurl could not be started.") }
        // Keeps the connection, drops every option of the request before.
        curl_easy_reset(handle)
        var lines: UnsafeMutablePointer<curl_slist>?
        // No "Expect": a file that is refused costs less than a second's wait for each that is not.
        for line in request.headers + ["Expect:"] { lines = curl_slist_append(lines, line) }
        defer { curl_slist_free_all(lines) }
        let received = Received(limit: max(length, Self.usualLimit))
        var settings: [() -> CURLcode] = [
            { ccurl_setopt_str(handle, CURLOPT_URL, request.address.absoluteString) },
            { ccurl_setopt_str(handle, CURLOPT_CUSTOMREQUEST, request.method) },
            { ccurl_setopt_str(handle, CURLOPT_PROTOCOLS_STR, "http,https") },
            // Else libcurl asks the environment for a proxy.
            { ccurl_setopt_str(handle, CURLOPT_PROXY, "") },
            { ccurl_setopt_long(handle, CURLOPT_NOSIGNAL, 1) },
            { ccurl_setopt_long(handle, CURLOPT_CONNECTTIMEOUT_MS, 5_000) },
            // A kibibyte a second for half a minute is nothing.
            { ccurl_setopt_long(handle, CURLOPT_LOW_SPEED_LIMIT, 1_024) },
            { ccurl_setopt_long(handle, CURLOPT_LOW_SPEED_TIME, 30) },
            { ccurl_setopt_ptr(handle, CURLOPT_HTTPHEADER, lines) },
            {
                ccurl_setopt_write(
                    handle, Received.take, Unmanaged.passUnretained(received).toOpaque())
            },
        ]
        if request.method == "HEAD" { settings.append { ccurl_setopt_long(handle, CURLOPT_NOBODY, 1) } }
        var file: UnsafeMutablePointer<FILE>?
        if case .file(let place, let measure) = request.body {
            file = fopen(place.path, "re")
            guard file != nil else { throw StorageError("The file that arrived cannot be read.") }
            settings += [
                { ccurl_setopt_long(handle, CURLOPT_UPLOAD, 1) },
                // libcurl reads it with fread.
                { ccurl_setopt_ptr(handle, CURLOPT_READDATA, file) },
                { ccurl_setopt_long(handle, CURLOPT_INFILESIZE_LARGE, measure.size) },
            ]
        }
        defer { if let file { fclose(file) } }
        var code = CURLE_OK
        for setting in settings where code == CURLE_OK { code = setting() }
        if code == CURLE_OK { code = withExtendedLifetime(received) { curl_easy_perform(handle) } }
        guard code == CURLE_OK else {
            throw StorageError("The object store cannot be reached: \(String(cString: curl_easy_strerror(code))).")
        }
        var (status, said) = (0, 0)
        _ = ccurl_getinfo_long(handle, CURLINFO_RESPONSE_CODE, &status)
        _ = ccurl_getinfo_off(handle, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &said)
        return ObjectReply(status: status, length: said, body: received.bytes)
    }
}

/// What has come of an answer's body.
private final class Received {
    private(set) var bytes: [UInt8] = []
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// libcurl's own form: takes a part, or says by taking less that there shall be no more.
    static let take:
        @convention(c) (
            UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?
        ) -> Int = { part, size, count, context in
            guard let part, let context else { return 0 }
            let received = Unmanaged<Received>.fromOpaque(context).takeUnretainedValue()
            guard received.bytes.count + size * count <= received.limit else { return 0 }
            received.bytes += UnsafeRawBufferPointer(start: part, count: size * count)
            return size * count
        }
}
