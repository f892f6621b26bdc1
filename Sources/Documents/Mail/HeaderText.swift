import Foundation

/// How texts stand in the headers of a mail (RFC 5322, RFC 2047, RFC 2231).
///
/// Callers have refused control characters.
enum HeaderText {
    /// Free text, such as a subject: as it is when short and ASCII, else in encoded words.
    static func unstructured(_ text: String) -> String {
        isPlain(text) ? text : encodedWords(text)
    }

    /// A name before an address: quoted when it holds more than words, else encoded.
    static func phrase(_ name: String) -> String {
        guard isPlain(name), name.utf8.count <= 70 else { return encodedWords(name) }
        if name.utf8.allSatisfy({ isToken($0) || $0 == 0x20 }) { return name }
        return "\"" + name.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined() + "\""
    }

    /// The parameters that tell a file's name: plain ASCII for all, UTF-8 by RFC 2231 for those who can.
    static func fileName(_ name: String) -> String {
        let ascii = name.unicodeScalars.map { scalar in
            scalar.isASCII && scalar.value >= 0x20 && scalar != "\"" && scalar != "\\" ? Character(scalar) : "_"
        }
        let plain = "filename=\"\(String(ascii))\""
        guard String(ascii) != name else { return plain }
        let encoded = name.utf8.map { byte in
            let isFree = isToken(byte) && !"*'%".utf8.contains(byte)
            return isFree ? String(UnicodeScalar(byte)) : "%" + hex(byte)
        }
        // In this order: there are readers that take the first and never look further.
        return "filename*=UTF-8''\(encoded.joined());\r\n \(plain)"
    }

    /// `Wed, 02 Dec 2026 17:04:05 +0000`, always in UTC.
    static func date(_ date: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.year, .month, .day, .weekday, .hour, .minute, .second], from: date)
        let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ number: Int?) -> String { ((number ?? 0) < 10 ? "0" : "") + String(number ?? 0) }
        return "\(weekdays[(parts.weekday ?? 1) - 1]), \(two(parts.day)) \(months[(parts.month ?? 1) - 1])"
            + " \(parts.year ?? 0) \(two(parts.hour)):\(two(parts.minute)):\(two(parts.second)) +0000"
    }

    /// Whether a caller may set this header: a token, and none that the mail or the transport writes itself.
    static func isFreeName(_ name: String) -> Bool {
        let taken = ["date", "from", "to", "cc", "bcc", "sender", "subject", "message-id", "mime-version"]
        let lower = name.lowercased()
        return !name.isEmpty && name.utf8.count <= 70 && name.utf8.allSatisfy(isToken)
            && !taken.contains(lower) && !lower.hasPrefix("content-")
    }

    static func isMediaType(_ type: String) -> Bool {
        let parts = type.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 2 && type.utf8.count <= 127
            && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { isToken($0) } }
    }

    private static func isPlain(_ text: String) -> Bool {
        text.utf8.count <= 200 && text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } && !text.contains("=?")
    }

    /// RFC 2047: at most 45 bytes of text in a word, never splitting a character.
    private static func encodedWords(_ text: String) -> String {
        var words: [[UInt8]] = [[]]
        for scalar in text.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            if (words.last?.count ?? 0) + bytes.count > 45 { words.append([]) }
            words[words.count - 1] += bytes
        }
        return words.map { "=?utf-8?B?\(Data($0).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }

    private static func isToken(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }

    private static func hex(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
}
