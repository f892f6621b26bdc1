internal import CCurl
import Foundation

/// One request by libcurl, on a connection of its own.
///
/// Used by the thread that made it, and by no other.
final class CurlHop {
    /// What came of it.
    struct Outcome: Sendable {
        let answer: OutboundAnswer
        /// Where the server sends on to.
        let redirect: String?
    }

    private let request: OutboundRequest
    private let door: OutboundDoor
    private let left: Duration
    private let address: OpaquePointer?
    private let handle: UnsafeMutableRawPointer?
    private let isAddressGood: Bool
    private let host: String
    private var body: [UInt8] = []
    private var isTooLarge = false
    private var isRefused = false

    /// Prepares a request.
    ///
    /// libcurl alone reads the address: two that read differently are how such guards are passed.
    init(url: String, of request: OutboundRequest, door: OutboundDoor, left: Duration) {
        (self.request, self.door, self.left) = (request, door, left)
        handle = CurlLibrary.isReady ? curl_easy_init() : nil
        address = curl_url()
        isAddressGood = curl_url_set(address, CURLUPART_URL, url, 0) == CURLUE_OK
        host = Self.part(CURLUPART_HOST, of: address) ?? ""
    }

    deinit {
        if let handle { curl_easy_cleanup(handle) }
        curl_url_cleanup(address)
    }

    /// Sends it; blocks until the server has answered or the time is up.
    func perform() throws(OutboundError) -> Outcome {
        guard isAddressGood, !host.isEmpty, ["http", "https"].contains(Self.part(CURLUPART_SCHEME, of: address) ?? ""),
            Self.part(CURLUPART_USER, of: address) == nil, Self.part(CURLUPART_PASSWORD, of: address) == nil
        else { throw .badAddress }
        guard let handle else { throw .unreachable("libcurl could not be started") }
        // "Expect:" because a body of this size needs no asking first.
        let headers = CurlList(request.headers.map { "\($0.name): \($0.value)" } + ["Expect:"])
        let told = CurlList(tellings())
        guard prepare(handle, headers, told) else { throw .unreachable("the request could not be prepared") }
        let outcome = withExtendedLifetime((headers, told)) { curl_easy_perform(handle) }
        try judge(outcome)
        var (status, after): (Int, curl_off_t) = (0, 0)
        var next: UnsafeMutablePointer<CChar>?
        _ = ccurl_getinfo_long(handle, CURLINFO_RESPONSE_CODE, &status)
        _ = ccurl_getinfo_off(handle, CURLINFO_RETRY_AFTER, &after)
        _ = ccurl_getinfo_str(handle, CURLINFO_REDIRECT_URL, &next)
        let answer = OutboundAnswer(
            status: status, body: body, retryAfter: after > 0 ? .seconds(min(Int64(after), 86_400)) : nil)
        return Outcome(answer: answer, redirect: next.map { String(cString: $0) })
    }

    private func judge(_ outcome: CURLcode) throws(OutboundError) {
        if isTooLarge || outcome == CURLE_FILESIZE_EXCEEDED { throw .tooLarge(limit: door.mostBytes) }
        switch outcome {
        case CURLE_OK: return
        case CURLE_OPERATION_TIMEDOUT: throw .tooSlow(limit: door.timeLimit)
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT: throw .badAddress
        default:
            if isRefused { throw .forbiddenAddress }
            // libcurl's general words, for those about this case may name the host.
            throw .unreachable(String(cString: curl_easy_strerror(outcome)).lowercased())
        }
    }

    private func prepare(_ handle: UnsafeMutableRawPointer, _ headers: CurlList, _ told: CurlList) -> Bool {
        let this = Unmanaged.passUnretained(self).toOpaque()
        let numbers: [(CURLoption, Int)] = [
            // No signals: there are other threads. Nor waiting for a resolver that is late.
            (CURLOPT_NOSIGNAL, 1), (CURLOPT_QUICK_EXIT, 1),
            // Each hop is looked at anew.
            (CURLOPT_FOLLOWLOCATION, 0), (CURLOPT_FORBID_REUSE, 1), (CURLOPT_FRESH_CONNECT, 1),
            (CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)),
            (CURLOPT_TIMEOUT_MS, max(1, left.milliseconds)), (CURLOPT_MAXFILESIZE, door.mostBytes),
        ]
        let texts: [(CURLoption, String)] = [
            (CURLOPT_PROTOCOLS_STR, "http,https"), (CURLOPT_USERAGENT, "Drizzl/1"),
            // Else libcurl asks the environment for a proxy, which would open the connection in its place.
            (CURLOPT_PROXY, ""),
        ]
        var codes = numbers.map { ccurl_setopt_long(handle, $0, $1) }
        codes += texts.map { ccurl_setopt_str(handle, $0, $1) }
        codes += [
            ccurl_setopt_ptr(handle, CURLOPT_CURLU, address.map { UnsafeMutableRawPointer($0) }),
            ccurl_setopt_ptr(handle, CURLOPT_HTTPHEADER, headers.pointer),
            ccurl_setopt_ptr(handle, CURLOPT_RESOLVE, told.pointer),
            ccurl_setopt_opensocket(handle, openSocket, this), ccurl_setopt_write(handle, takeBody, this),
        ]
        if let text = request.body {
            codes += [
                ccurl_setopt_long(handle, CURLOPT_POSTFIELDSIZE, text.utf8.count),
                ccurl_setopt_str(handle, CURLOPT_COPYPOSTFIELDS, text),
            ]
        }
        return codes.allSatisfy { $0 == CURLE_OK }
    }

    /// The one place where a connection begins: with the address that it will lead to, whatever was looked up before.
    fileprivate func open(_ target: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        let (family, length) = (target.pointee.family, Int(target.pointee.addrlen))
        let found = target.pointer(to: \.addr).flatMap {
            NetworkAddress(socketAddress: UnsafeRawPointer($0), family: family, length: length)
        }
        guard let found, door.rules.permit(found, of: host) else {
            isRefused = true
            return -1
        }
        return socket(family, target.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue), target.pointee.protocol)
    }

    fileprivate func take(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard body.count + bytes.count <= door.mostBytes else {
            isTooLarge = true
            return 0
        }
        body += bytes
        return bytes.count
    }

    private func tellings() -> [String] {
        guard let addresses = door.lookUp?(host), let port = Self.part(CURLUPART_PORT, of: address) else { return [] }
        return ["\(host):\(port):\(addresses.joined(separator: ","))"]
    }

    private static func part(_ part: CURLUPart, of address: OpaquePointer?) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(address, part, &text, UInt32(CURLU_DEFAULT_PORT)) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}

private let openSocket: curl_opensocket_callback = { context, _, target in
    guard let context, let target else { return -1 }
    return Unmanaged<CurlHop>.fromOpaque(context).takeUnretainedValue().open(target)
}

private let takeBody: curl_write_callback = { bytes, size, count, context in
    guard let context else { return 0 }
    let buffer = UnsafeRawBufferPointer(start: bytes, count: size * count)
    return Unmanaged<CurlHop>.fromOpaque(context).takeUnretainedValue().take(buffer)
}
