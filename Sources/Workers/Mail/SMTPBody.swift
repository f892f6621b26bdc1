internal import CCurl
internal import Documents

/// The body of a mail as libcurl's tree: mixed( alternative( text, HTML, calendar ), attachments ).
final class SMTPBody {
    private(set) var pointer: OpaquePointer?
    private(set) var isComplete = true

    init(_ message: MailMessage, on handle: UnsafeMutableRawPointer) {
        pointer = curl_mime_init(handle)
        let alternative = curl_mime_init(handle)
        add(Self.lines(message.text), type: "text/plain; charset=utf-8", encoding: "quoted-printable", to: alternative)
        if let html = message.html {
            add(Self.lines(html), type: "text/html; charset=utf-8", encoding: "quoted-printable", to: alternative)
        }
        if let calendar = message.calendar {
            // The last of the alternatives is the best one: a program that knows calendars takes it.
            add(Self.lines(calendar.text), type: calendar.type, encoding: "quoted-printable", to: alternative)
        }
        let part = curl_mime_addpart(pointer)
        if curl_mime_subparts(part, alternative) == CURLE_OK {
            note(curl_mime_type(part, "multipart/alternative"))
        } else {
            // Only a part that took the tree frees it.
            curl_mime_free(alternative)
            isComplete = false
        }
        for attachment in message.attachments {
            let part = add(attachment.bytes, type: attachment.type, encoding: "base64", to: pointer)
            let headers = curl_slist_append(nil, MailMessage.disposition(of: attachment))
            note(curl_mime_headers(part, headers, 1))
        }
    }

    deinit { curl_mime_free(pointer) }

    @discardableResult
    private func add(_ bytes: [UInt8], type: String, encoding: String, to parent: OpaquePointer?) -> OpaquePointer? {
        let part = curl_mime_addpart(parent)
        bytes.withUnsafeBytes { buffer in
            // An empty array may have no address at all, which libcurl would take as "no data".
            withUnsafeBytes(of: UInt8(0)) { empty in
                let data = (buffer.baseAddress ?? empty.baseAddress)?.assumingMemoryBound(to: CChar.self)
                note(curl_mime_data(part, data, buffer.count))
            }
        }
        note(curl_mime_type(part, type))
        note(curl_mime_encoder(part, encoding))
        return part
    }

    private func note(_ code: CURLcode) { if code != CURLE_OK { isComplete = false } }

    /// With CRLF at the end of each line: a bare LF would be written as `=0A`.
    private static func lines(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + text.utf8.count / 32)
        var previous: UInt8 = 0
        for byte in text.utf8 {
            if byte == 0x0A, previous != 0x0D { bytes.append(0x0D) }
            if previous == 0x0D, byte != 0x0A { bytes.append(0x0A) }
            bytes.append(byte)
            previous = byte
        }
        if previous == 0x0D { bytes.append(0x0A) }
        return bytes
    }
}
