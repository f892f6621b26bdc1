import Foundation

/// How texts and times stand in an iCalendar object (RFC 5545, sections 3.1, 3.3.5, 3.3.11).
enum CalendarText {
    /// A text value: line ends, commas, semicolons and backslashes escaped, other control characters left out.
    static func value(_ text: String) -> String {
        var result = ""
        for scalar in PrintableText.of(text).unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case ";": result += "\\;"
            case ",": result += "\\,"
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// One line without anything that could begin another.
    static func line(_ text: String) -> String { PrintableText.line(text) }

    /// The parameter that gives a person's name: always in quotes, in which a quote itself cannot stand.
    static func name(of person: MailAddress) -> String {
        let name = line(person.name ?? "").replacing("\"", with: "'")
        return name.isEmpty ? "" : ";CN=\"\(name)\""
    }

    /// `20261202T170405Z`.
    static func time(_ date: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
        func padded(_ number: Int?, _ width: Int = 2) -> String {
            let digits = String(number ?? 0)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return padded(parts.year, 4) + padded(parts.month) + padded(parts.day) + "T" + padded(parts.hour)
            + padded(parts.minute) + padded(parts.second) + "Z"
    }

    /// The line broken into pieces of at most 75 bytes; each further piece begins with a space, and no character is
    /// split.
    static func folded(_ line: String) -> String {
        var result = ""
        var length = 0
        for scalar in line.unicodeScalars {
            let size = UTF8.width(scalar)
            if length + size > 75 {
                result += "\r\n "
                length = 1
            }
            result.unicodeScalars.append(scalar)
            length += size
        }
        return result
    }
}
