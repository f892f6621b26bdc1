public import Foundation

/// A mail, complete: what stands in it, from whom, to whom, and its identity.
///
/// A value; the transport turns it into bytes. The same `messageID` on a second sending lets the receiver see that it is
/// the same mail.
public struct MailMessage: Sendable, Equatable {
    /// The sender, also of bounces.
    public var from: MailAddress
    /// All who receive it; each of them sees the others.
    public var to: [MailAddress]
    /// One line.
    public var subject: String
    /// The body as plain text.
    public var text: String
    /// The same body as HTML, if there is one.
    public var html: String?
    /// An appointment, so that the receiver's calendar takes it; another form of the same message.
    public var calendar: MailCalendar?
    /// Files that go along.
    public var attachments: [MailAttachment]
    /// The identity, without angle brackets: `018f…@drizzl.example`.
    public var messageID: String
    /// The moment the mail says it was written.
    public var date: Date
    /// Further headers, such as ``MailHeader/listUnsubscribe(_:)``.
    public var extraHeaders: [MailHeader]

    /// Makes the value; ``headers()`` checks it.
    public init(
        from: MailAddress, to: [MailAddress], subject: String, text: String, html: String? = nil,
        calendar: MailCalendar? = nil, attachments: [MailAttachment] = [], messageID: String, date: Date,
        extraHeaders: [MailHeader] = []
    ) {
        self.from = from
        self.to = to
        self.subject = subject
        self.text = text
        self.html = html
        self.calendar = calendar
        self.attachments = attachments
        self.messageID = messageID
        self.date = date
        self.extraHeaders = extraHeaders
    }

    /// Makes a mail of a filled template.
    public init(
        _ filled: FilledTemplate, from: MailAddress, to: [MailAddress], attachments: [MailAttachment] = [],
        messageID: String, date: Date, extraHeaders: [MailHeader] = []
    ) {
        self.init(
            from: from, to: to, subject: filled.subject, text: filled.text, html: filled.html,
            attachments: attachments, messageID: messageID, date: date, extraHeaders: extraHeaders)
    }
}

/// An appointment that goes along with a mail, as RFC 6047 has it.
public struct MailCalendar: Sendable, Equatable {
    /// What the calendar is asked to do; the same as in the text.
    public var method: CalendarInvite.Method
    /// The iCalendar object, its lines ended by CRLF.
    public var text: String

    /// Makes the value of an object that was written before.
    public init(method: CalendarInvite.Method, text: String) { (self.method, self.text) = (method, text) }

    /// The part's media type: `text/calendar; charset=utf-8; method=REQUEST`.
    public var type: String { "text/calendar; charset=utf-8; method=\(method.rawValue)" }
}

/// A file that goes along with a mail.
public struct MailAttachment: Sendable, Equatable {
    /// The file's name, without folders.
    public var name: String
    /// The media type, such as `application/pdf`.
    public var type: String
    /// The contents.
    public var bytes: [UInt8]

    /// Makes the value; ``MailMessage/headers()`` checks name and type.
    public init(name: String, type: String, bytes: [UInt8]) {
        (self.name, self.type, self.bytes) = (name, type, bytes)
    }
}

/// One header beyond those that every mail has.
public struct MailHeader: Sendable, Hashable {
    /// The name, such as `List-Unsubscribe`.
    public var name: String
    /// The value, on one line.
    public var value: String

    /// Makes the value; ``MailMessage/headers()`` checks it.
    public init(name: String, value: String) { (self.name, self.value) = (name, value) }

    /// The two headers that let a mail program leave a list with one click (RFC 8058).
    ///
    /// Source: R-33.
    ///
    /// - Parameter url: An `https` address at which a POST alone unsubscribes.
    /// - Returns: `List-Unsubscribe` and `List-Unsubscribe-Post`.
    public static func listUnsubscribe(_ url: String) -> [MailHeader] {
        [
            MailHeader(name: "List-Unsubscribe", value: "<\(url)>"),
            MailHeader(name: "List-Unsubscribe-Post", value: "List-Unsubscribe=One-Click"),
        ]
    }
}
