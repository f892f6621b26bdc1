/// What a template can show under a name.
public enum TemplateValue: Sendable, Equatable {
    /// A text; escaped wherever HTML is written.
    case text(String)
    /// Whether a section is shown.
    case flag(Bool)
    /// A section for each, with its own values before those around it.
    case list([[String: TemplateValue]])
    /// Known, but there is none: shows nothing, and its section is left out.
    case absent

    /// A text, or ``absent`` when there is none or it is empty.
    ///
    /// - Parameter text: The text.
    /// - Returns: The value.
    public static func optional(_ text: String?) -> TemplateValue {
        if let text, !text.isEmpty { .text(text) } else { .absent }
    }

    /// A text of several lines as a list whose elements have the one value `line`.
    ///
    /// - Parameter text: The text, if any.
    /// - Returns: The list, empty when there is no text.
    public static func lines(_ text: String?) -> TemplateValue {
        let lines = (text ?? "").split(whereSeparator: \.isNewline)
        return .list(lines.map { ["line": .text(String($0))] })
    }
}

extension TemplateValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral {
    /// A text.
    public init(stringLiteral value: String) { self = .text(value) }

    /// A flag.
    public init(booleanLiteral value: Bool) { self = .flag(value) }
}

/// The words of a mail, ready to be sent.
public struct FilledTemplate: Sendable, Equatable {
    /// One line, not escaped.
    public let subject: String
    /// The body as plain text.
    public let text: String
    /// The body as HTML.
    public let html: String
}
