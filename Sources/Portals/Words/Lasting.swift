import Foundation

/// Lengths of time as people say them.
enum Lasting {
    /// `45 s`, `12 min`, `3 h 5 min`, `2 days 4 h`, `40 days`: two units at most, and none that no longer matters.
    static func text(_ seconds: TimeInterval) -> String {
        let whole = Int(max(0, seconds))
        let (days, hours, minutes) = (whole / 86_400, whole / 3_600 % 24, whole / 60 % 60)
        if days >= 10 || (days > 0 && hours == 0) { return "\(days) \(days == 1 ? "day" : "days")" }
        if days > 0 { return "\(days) \(days == 1 ? "day" : "days") \(hours) h" }
        if hours > 0 { return minutes == 0 ? "\(hours) h" : "\(hours) h \(minutes) min" }
        return minutes > 0 ? "\(minutes) min" : "\(whole) s"
    }

    /// `in 3 days`, `2 h ago`.
    static func text(from now: Date, to moment: Date) -> String {
        let seconds = moment.timeIntervalSince(now)
        return seconds < 0 ? "\(text(-seconds)) ago" : "in \(text(seconds))"
    }
}
