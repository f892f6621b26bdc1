import enum Documents.TemplateValue
import Foundation
import StateMachines
import WebAPI

/// Moments and lengths of time as ops read them: to the millisecond, and at a glance.
struct OpsTime {
    let time: CompanyTime
    let now: Date

    init(_ pages: PortalPages) { (time, now) = (pages.time, pages.dependencies.now()) }

    /// `Nov 23, 2026, 10:02:03.125 AM`.
    func exact(_ moment: Date) -> String {
        let milliseconds = Int((moment.timeIntervalSince1970 * 1_000).rounded(.down))
        let inMinute = ((milliseconds % 60_000) + 60_000) % 60_000
        let (seconds, rest) = (inMinute / 1_000, inMinute % 1_000)
        let text = time.text(moment)
        guard let space = text.lastIndex(of: " ") else { return text }
        let part = ".\(String(repeating: "0", count: 3 - String(rest).count))\(rest)"
        return "\(text[..<space]):\(seconds < 10 ? "0" : "")\(seconds)\(part)\(text[space...])"
    }

    /// `10:02:03 AM`, with the day before it unless it is today's.
    func short(_ moment: Date) -> String {
        let text = exact(moment)
        guard let dot = text.lastIndex(of: "."), let space = text.lastIndex(of: " ") else { return text }
        let toTheSecond = String(text[..<dot] + text[space...])
        let isToday = CalendarDay(moment, in: time.zone) == CalendarDay(now, in: time.zone)
        return isToday ? toTheSecond.split(separator: ", ").last.map(String.init) ?? toTheSecond : toTheSecond
    }

    /// A moment as templates show it: `text` and `iso`.
    func values(_ name: String, _ moment: Date?, isExact: Bool = false) -> PageValues {
        [
            name: moment.map { .text(isExact ? exact($0) : short($0)) } ?? .absent,
            name + "_iso": moment.map { .text(Timestamp.text($0)) } ?? .absent,
        ]
    }

    /// `8 ms`, `1.2 s`, `4 min 10 s`, `3 h 5 min`, `2 d 4 h`.
    static func length(_ seconds: TimeInterval) -> String {
        let milliseconds = max(0, seconds) * 1_000
        if milliseconds < 0.95 { return "\((milliseconds * 10).rounded() / 10) ms" }
        if milliseconds < 999.5 { return "\(Int(milliseconds.rounded())) ms" }
        if seconds < 60 { return "\((seconds * 10).rounded() / 10) s" }
        let whole = Int(seconds.rounded())
        if whole < 3_600 { return "\(whole / 60) min" + rest(whole % 60, "s") }
        if whole < 86_400 { return "\(whole / 3_600) h" + rest(whole % 3_600 / 60, "min") }
        return "\(whole / 86_400) d" + rest(whole % 86_400 / 3_600, "h")
    }

    static func length(_ duration: Duration) -> String { length(duration / .seconds(1)) }

    private static func rest(_ number: Int, _ unit: String) -> String { number == 0 ? "" : " \(number) \(unit)" }

    /// `12,345`.
    static func count(_ number: Int) -> String {
        var digits = Array(String(number))
        var place = digits.count - 3
        while place > 0 {
            digits.insert(",", at: place)
            place -= 3
        }
        return String(digits)
    }
}
