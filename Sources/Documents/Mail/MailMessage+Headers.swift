/// Why a mail cannot be sent as it is.
///
/// The texts hold no address and no part of the mail.
public enum MailMessageError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Nobody to send it to.
    case noRecipient
    /// The sender or a recipient is no address a server would take.
    case badAddress(field: String)
    /// A line end or another control character where one line is meant: someone may be smuggling in a header.
    case controlCharacter(field: String)
    /// Not a form that the field allows.
    case malformed(field: String)

    /// A sentence that says what is wrong.
    public var description: String {
        switch self {
        case .noRecipient: "The mail has no recipient."
        case .badAddress(let field): "The address in \(field) is not a valid e-mail address."
        case .controlCharacter(let field): "\(field) holds a line end or another control character."
        case .malformed(let field): "\(field) does not have the form it needs."
        }
    }
}

extension MailMessage {
    /// The header lines in the order of sending, encoded and folded; without MIME headers, which the transport adds.
    ///
    /// - Returns: Lines without their ends; a folded line has CRLF and a space inside.
    /// - Throws: ``MailMessageError`` for anything a server would refuse, or that could smuggle in a header.
    public func headers() throws(MailMessageError) -> [String] {
        try validate()
        return [
            "Date: \(HeaderText.date(date))",
            "From: \(from.headerText)",
            "To: \(to.map(\.headerText).joined(separator: ",\r\n "))",
            "Subject: \(HeaderText.unstructured(subject))",
            "Message-ID: <\(messageID)>",
        ] + extraHeaders.map { "\($0.name): \(HeaderText.unstructured($0.value))" }
    }

    /// The `Content-Disposition` of an attachment, with its name in plain ASCII and, where that loses something, in UTF-8.
    ///
    /// - Parameter attachment: One whose message passed ``headers()``.
    /// - Returns: The header line.
    public static func disposition(of attachment: MailAttachment) -> String {
        "Content-Disposition: attachment; \(HeaderText.fileName(attachment.name))"
    }

    private func validate() throws(MailMessageError) {
        guard !to.isEmpty else { throw .noRecipient }
        try Self.requireOneLine(subject, "The subject")
        try Self.validate(from, "From")
        for recipient in to { try Self.validate(recipient, "To") }
        guard Self.isMessageID(messageID) else { throw .malformed(field: "The message id") }
        for header in extraHeaders {
            guard HeaderText.isFreeName(header.name) else { throw .malformed(field: "An extra header's name") }
            try Self.requireOneLine(header.value, "An extra header")
            // A value that needs no encoding is not folded, and a line of a mail ends at 998 bytes.
            guard header.value.utf8.count <= 900 else { throw .malformed(field: "An extra header") }
        }
        for attachment in attachments {
            try Self.requireOneLine(attachment.name, "An attachment's name")
            guard !attachment.name.isEmpty, attachment.name.utf8.count <= 255, !attachment.name.contains("/") else {
                throw .malformed(field: "An attachment's name")
            }
            guard HeaderText.isMediaType(attachment.type) else { throw .malformed(field: "An attachment's type") }
        }
    }

    private static func validate(_ address: MailAddress, _ field: String) throws(MailMessageError) {
        try requireOneLine(address.name ?? "", field)
        try requireOneLine(address.address, field)
        guard address.isValid else { throw .badAddress(field: field) }
    }

    private static func requireOneLine(_ text: String, _ field: String) throws(MailMessageError) {
        let isClean = text.unicodeScalars.allSatisfy { scalar in
            scalar.properties.generalCategory != .control && scalar != "\u{2028}" && scalar != "\u{2029}"
        }
        guard isClean else { throw .controlCharacter(field: field) }
    }

    private static func isMessageID(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && text.utf8.count <= 250
            && parts.allSatisfy { part in
                !part.isEmpty
                    && part.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"<>()[]\\,;:\"".utf8.contains($0) }
            }
    }
}
