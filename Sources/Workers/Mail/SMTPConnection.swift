internal import CCurl
internal import Documents
import Foundation

/// One libcurl handle with its connection.
///
/// Used by the thread that made it, and by no other.
final class SMTPConnection {
    private let configuration: SMTPConfiguration
    private let handle: UnsafeMutableRawPointer?
    ///
    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

    init(_ configuration: SMTPConfiguration) {
        self.configuration = configuration
        handle = CurlLibrary.isReady ? curl_easy_init() : nil
    }

    deinit {
        // Says QUIT, if there is a connection.
        if let handle { curl_easy_cleanup(handle) }
        errorText.deallocate()
    }

    /// Sends a mail; blocks until the server has answered or the time is up.
    func send(_ message: MailMessage) throws(MailError) {
        let headers: [String]
        do { headers = try message.headers() } catch {
            throw .permanent(code: nil, text: error.description)
        }
        guard let handle else { throw .temporary(code: nil, text: "libcurl could not be started.") }
        // Keeps the connection, drops every option of the mail before.
        curl_easy_reset(handle)
        errorText[0] = 0
        let recipients = CurlList(Self.unique(message.to).map { "<\($0)>" })
        let lines = CurlList(headers)
        let body = SMTPBody(message, on: handle)
        var failure = configure(handle)
        let settings: [() -> CURLcode] = [
            { ccurl_setopt_str(handle, CURLOPT_MAIL_FROM, "<\(message.from.address)>") },
            { ccurl_setopt_ptr(handle, CURLOPT_MAIL_RCPT, recipients.pointer) },
            { ccurl_setopt_ptr(handle, CURLOPT_HTTPHEADER, lines.pointer) },
            { ccurl_setopt_ptr(handle, CURLOPT_MIMEPOST, body.pointer.map { UnsafeMutableRawPointer($0) }) },
        ]
        for setting in settings where failure == CURLE_OK { failure = setting() }
        guard failure == CURLE_OK, body.isComplete else {
            throw .temporary(code: nil, text: "The mail could not be prepared.")
        }
        let outcome = withExtendedLifetime((recipients, lines, body)) { curl_easy_perform(handle) }
        guard outcome != CURLE_OK else { return }
        var reply = 0
        _ = ccurl_getinfo_long(handle, CURLINFO_RESPONSE_CODE, &reply)
        throw .of(outcome, reply: reply, detail: String(cString: errorText))
    }

    private func configure(_ handle: UnsafeMutableRawPointer) -> CURLcode {
        let encryption: curl_usessl =
            switch configuration.startTLS {
            case .required: CURLUSESSL_ALL
            case .opportunistic: CURLUSESSL_TRY
            case .none: CURLUSESSL_NONE
            }
        let numbers: [(CURLoption, Int)] = [
            // No signals: there are other threads.
            (CURLOPT_NOSIGNAL, 1),
            (CURLOPT_USE_SSL, Int(encryption.rawValue)),
            (CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)),
            (CURLOPT_CONNECTTIMEOUT_MS, configuration.connectTimeout.milliseconds),
            (CURLOPT_TIMEOUT_MS, configuration.timeout.milliseconds),
        ]
        let texts: [(CURLoption, String?)] = [
            (CURLOPT_URL, configuration.url),
            (CURLOPT_PROTOCOLS_STR, "smtp,smtps"),
            // Else libcurl asks the environment for a proxy.
            (CURLOPT_PROXY, ""),
            (CURLOPT_USERNAME, configuration.user),
            (CURLOPT_PASSWORD, configuration.password),
            (CURLOPT_CAINFO, configuration.certificateAuthorityFile),
        ]
        var code = ccurl_setopt_ptr(handle, CURLOPT_ERRORBUFFER, errorText)
        for (option, number) in numbers where code == CURLE_OK { code = ccurl_setopt_long(handle, option, number) }
        for case (let option, let text?) in texts where code == CURLE_OK {
            code = ccurl_setopt_str(handle, option, text)
        }
        return code
    }

    private static func unique(_ recipients: [MailAddress]) -> [String] {
        var seen: Set<String> = []
        return recipients.map(\.address).filter { seen.insert($0).inserted }
    }
}

extension Duration {
    /// Whole milliseconds, at least 1: libcurl takes 0 for "no limit".
    var milliseconds: Int {
        Int(max(1, components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000))
    }
}
