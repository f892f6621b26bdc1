import enum Documents.TemplateValue

/// A word about a state, with its colour and its icon: never a colour alone.
///
/// Source: design-system.md, X-19 to X-22.
struct Badge {
    /// The look of a badge.
    enum Tone: String, CaseIterable {
        case success
        case warning
        case error
        case info
        case neutral

        /// One of `scripts/icons.txt`.
        var icon: String {
            switch self {
            case .success: "circle-check"
            case .warning: "clock"
            case .error: "circle-alert"
            case .info: "circle-dot"
            case .neutral: "circle"
            }
        }
    }

    let word: String
    let tone: Tone

    init(_ word: String, _ tone: Tone) {
        (self.word, self.tone) = (word, tone)
    }

    /// What the template `badge` shows.
    var values: PageValues {
        ["word": .text(word), "tone": .text(tone.rawValue), "badge_icon": .text(tone.icon)]
    }
}
