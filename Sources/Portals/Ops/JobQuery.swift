import Foundation
import StateMachines
import WebAPI

/// A search for jobs as the page's address has it.
struct JobQuery {
    /// What stands in the fields, by their names.
    let shown: [String: String]
    /// The same for ``JobSearch``: moments are written as people here write them, and it takes them in UTC.
    let asked: [String: String]

    private static let moments = ["since", "until", "ended_since", "ended_until"]

    init(_ query: [String: String], zone: TimeZone) {
        shown = query.filter { JobSearch.names.contains($0.key) && !$0.value.isEmpty }
        var asked = shown
        asked["cursor"] = query["cursor"]
        for name in Self.moments {
            asked[name] = shown[name].flatMap { Self.moment($0, in: zone) }.map(Timestamp.text)
        }
        self.asked = asked
    }

    /// Reads `2026-11-23T18:05`, as a browser's field has it.
    private static func moment(_ text: String, in zone: TimeZone) -> Date? {
        let parts = text.split(separator: "T")
        guard parts.count == 2, let day = CalendarDay(String(parts[0])) else { return nil }
        let clock = parts[1].split(separator: ":").compactMap { Int($0) }
        guard clock.count >= 2, (0..<24).contains(clock[0]), (0..<60).contains(clock[1]) else { return nil }
        let local = Date(timeIntervalSince1970: Double(day.daysSince1970 * 86_400 + clock[0] * 3_600 + clock[1] * 60))
        // The offset of that time, and not of the same number of seconds in UTC.
        let near = local.addingTimeInterval(-Double(zone.secondsFromGMT(for: local)))
        return local.addingTimeInterval(-Double(zone.secondsFromGMT(for: near)))
    }

    /// The address of the search with something else in it.
    func address(_ changes: [String: String?] = [:]) -> String {
        var query = shown
        for (name, value) in changes { query[name] = value }
        return Address.text(JobPages.root, query)
    }
}
