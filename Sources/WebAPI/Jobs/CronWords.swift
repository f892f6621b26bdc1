/// A cron expression as people say it.
public enum CronWords {
    private static let weekdays = [
        "Sundays", "Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays",
    ]

    /// Says when a schedule fires: `0 3 * * *` is "Every day at 3:00 AM".
    ///
    /// - Parameter expression: Five fields.
    /// - Returns: A sentence without its full stop; for what is seldom written, the fields by name.
    public static func text(_ expression: String) -> String {
        let fields = expression.split(separator: " ").map(String.init)
        guard fields.count == 5 else { return expression }
        let (minute, hour, day, month, weekday) = (fields[0], fields[1], fields[2], fields[3], fields[4])
        let isDaily = day == "*" && month == "*" && weekday == "*"
        if isDaily, hour == "*" {
            if minute == "*" { return "Every minute" }
            if let every = step(minute) { return "Every \(every) minutes" }
            if let past = Int(minute) {
                return past == 0 ? "Every hour, on the hour" : "Every hour, \(past) minutes past"
            }
        }
        if isDaily, minute == "0", let every = step(hour) { return "Every \(every) hours, on the hour" }
        if let hour = Int(hour), let minute = Int(minute) {
            let time = clock(hour, minute)
            if isDaily { return "Every day at \(time)" }
            if day == "*", month == "*" {
                if weekday == "1-5" { return "Mondays to Fridays at \(time)" }
                if let number = Int(weekday), weekdays.indices.contains(number) {
                    return "\(weekdays[number]) at \(time)"
                }
            }
            if month == "*", weekday == "*" {
                if let number = Int(day) { return "On the \(ordinal(number)) of every month at \(time)" }
                if day.uppercased() == "L" { return "On the last day of every month at \(time)" }
            }
        }
        return zip(["minute", "hour", "day", "month", "weekday"], fields).filter { $0.1 != "*" }
            .map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    }

    private static func step(_ field: String) -> Int? {
        field.hasPrefix("*/") ? Int(field.dropFirst(2)) : nil
    }

    private static func clock(_ hour: Int, _ minute: Int) -> String {
        "\((hour + 11) % 12 + 1):\(minute < 10 ? "0" : "")\(minute) \(hour < 12 ? "AM" : "PM")"
    }

    private static func ordinal(_ number: Int) -> String {
        let ending =
            switch (number % 100, number % 10) {
            case (11...13, _): "th"
            case (_, 1): "st"
            case (_, 2): "nd"
            case (_, 3): "rd"
            default: "th"
            }
        return "\(number)\(ending)"
    }
}
