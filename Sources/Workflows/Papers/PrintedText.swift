import Database
public import Foundation
import StateMachines

extension Date {
    /// The moment as documents and letters print it: `Thursday, December 3, 2026, 10:00 AM PST`.
    public func printed(in zone: TimeZone) -> String {
        let day = CalendarDay(self, in: zone)
        let weekdays = ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"]
        // 1970-01-01 was a Thursday.
        let weekday = weekdays[(day.daysSince1970 % 7 + 7) % 7]
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let parts = calendar.dateComponents([.hour, .minute], from: self)
        let (hour, minute) = (parts.hour ?? 0, parts.minute ?? 0)
        let clock = "\(hour % 12 == 0 ? 12 : hour % 12):\(minute < 10 ? "0" : "")\(minute) \(hour < 12 ? "AM" : "PM")"
        // Always the American names, whatever the machine speaks.
        let name = zone.localizedName(
            for: zone.isDaylightSavingTime(for: self) ? .shortDaylightSaving : .shortStandard,
            locale: Locale(identifier: "en_US"))
        return "\(weekday), \(day.printed), \(clock) \(name ?? zone.abbreviation(for: self) ?? "UTC")"
    }
}

/// How the data's words are printed.
enum PrintedText {
    /// Payment terms: `NET 30`.
    static func terms(_ terms: String) -> String { PaymentTerms(rawValue: terms)?.printed ?? terms }

    /// A word of the data with its first letter large: `new_partner` is `New partner`.
    static func word(_ word: String) -> String {
        let text = word.replacing("_", with: " ")
        return text.prefix(1).uppercased() + text.dropFirst()
    }

    /// The last line of an address: `Seattle, WA 98119`; empty when nothing of it is known.
    static func place(city: String?, state: String?, zip: String?) -> String {
        let region = [state, zip].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: " ")
        return [city ?? "", region].filter { !$0.isEmpty }.joined(separator: ", ")
    }
}
