import ArgumentParser
import Foundation
import StateMachines

/// A moment as somebody at a terminal writes it.
enum JobsMoment {
    /// Reads `2h` (that long ago), `2026-11-20` (its beginning, UTC) or `2026-11-20T08:00:00Z`.
    ///
    /// - Throws: `ValidationError` that says how to write one.
    static func read(_ text: String) throws -> Date {
        if let moment = ago(text) ?? (try? Date(text, strategy: .iso8601)) { return moment }
        if let day = CalendarDay(text) { return day.instant(hour: 0, minute: 0, in: .gmt) }
        throw ValidationError("Write a moment as 45m, 2h, 3d, 2026-11-20 or 2026-11-20T08:00:00Z, not as \"\(text)\".")
    }

    private static func ago(_ text: String) -> Date? {
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()), count >= 0 else {
            return nil
        }
        return Date().addingTimeInterval(-Double(count) * unit)
    }
}
