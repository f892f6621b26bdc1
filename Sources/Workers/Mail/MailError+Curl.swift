internal import CCurl

extension MailError {
    /// What a failed transfer means for the mail.
    ///
    /// A refused sign-in is temporary although its reply is 5xx: the settings are wrong, not the mail, and it shall leave
    /// once they are right.
    ///
    /// - Parameters:
    ///   - code: libcurl's result, not `CURLE_OK`.
    ///   - reply: The last reply of the server, 0 if there was none.
    ///   - detail: libcurl's own words; they hold no address, password or text of the mail.
    /// - Returns: The error.
    static func of(_ code: CURLcode, reply: Int, detail: String) -> MailError {
        let words = detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail
        switch code {
        case CURLE_LOGIN_DENIED:
            return .temporary(code: reply == 0 ? nil : reply, text: "The mail server refused the sign-in.")
        case CURLE_USE_SSL_FAILED, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE:
            return .temporary(code: nil, text: "No secure connection to the mail server: \(words).")
        case CURLE_OPERATION_TIMEDOUT:
            return .temporary(code: nil, text: "The mail server did not answer in time.")
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT:
            return .temporary(code: nil, text: "The mail server cannot be reached: \(words).")
        default: break
        }
        // 530: sign in first. 534, 535, 538: the ways to sign in that this server refuses.
        if [530, 534, 535, 538].contains(reply) {
            return .temporary(code: reply, text: "The mail server asks for another sign-in.")
        }
        switch reply {
        case 500...599: return .permanent(code: reply, text: "The mail server refused the mail: \(words).")
        case 400...499: return .temporary(code: reply, text: "The mail server put the mail off: \(words).")
        default: return .temporary(code: nil, text: "The connection to the mail server failed: \(words).")
        }
    }
}
