public import Database

/// An error with a text that may be stored, shown to operators and logged: no addresses, tokens, bodies or bind values.
public protocol SafeTextError: Error {
    /// One line for operators.
    var safeText: String { get }
}

extension DatabaseError: SafeTextError {
    /// The message, which quotes no bind value.
    public var safeText: String { message }
}

extension LeaseLost: SafeTextError {
    /// What happened, in words.
    public var safeText: String { "the job's lease is lost" }
}

/// Texts for operators about errors of any type.
public enum SafeText {
    /// The longest text that is stored with an attempt.
    public static let maximumLength = 500

    /// Describes an error by its own safe text, or else by nothing but its type.
    ///
    /// - Parameter error: Any error; its description is not used, for it may quote what must not be stored.
    /// - Returns: A text of at most ``maximumLength`` characters.
    public static func of(_ error: any Error) -> String {
        let text = (error as? any SafeTextError)?.safeText ?? "\(type(of: error))"
        return cut(text)
    }

    /// Shortens a text to what is stored.
    ///
    /// - Parameter text: A text of any length.
    /// - Returns: Its beginning, by PostgreSQL's count of characters, without NUL.
    public static func cut(_ text: String) -> String {
        // PostgreSQL counts code points, and knows no NUL.
        String(String.UnicodeScalarView(text.unicodeScalars.lazy.filter { $0 != "\0" }.prefix(maximumLength)))
    }
}
