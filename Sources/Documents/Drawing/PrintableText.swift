/// Text made fit for paper.
enum PrintableText {
    /// Replaces what has no shape (control characters, byte-order marks, noncharacters) by spaces and joins
    /// all kinds of line ends.
    ///
    /// The result holds no NUL, so C may read it to its end.
    static func of(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var previous: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n" where previous == "\r": break
            case "\r", "\n", "\u{2028}", "\u{2029}", "\u{85}": result.append("\n")
            case "\u{FEFF}": break
            default: result.append(isDrawable(scalar) ? scalar : " ")
            }
            previous = scalar
        }
        return String(result)
    }

    /// The same on one line, for titles and metadata.
    static func line(_ text: String) -> String {
        of(text).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private static func isDrawable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .privateUse, .surrogate: false
        // Cairo refuses the whole document for one of these.
        default: !scalar.properties.isNoncharacterCodePoint
        }
    }
}
