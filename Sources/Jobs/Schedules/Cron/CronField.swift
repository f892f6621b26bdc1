/// One of the five fields of a cron expression, in their order.
public enum CronField: String, Sendable, Hashable, CaseIterable {
    /// 0 to 59.
    case minute
    /// 0 to 23.
    case hour
    /// 1 to 31.
    case dayOfMonth = "day of month"
    /// 1 to 12, or `jan` to `dec`.
    case month
    /// 0 to 7, or `sun` to `sat`; both 0 and 7 are Sunday.
    case dayOfWeek = "day of week"

    /// The numbers that it takes.
    var range: ClosedRange<Int> {
        switch self {
        case .minute: 0...59
        case .hour: 0...23
        case .dayOfMonth: 1...31
        case .month: 1...12
        case .dayOfWeek: 0...7
        }
    }

    /// The words that it takes instead of numbers; the first stands for the lowest number.
    var words: [String] {
        switch self {
        case .minute, .hour, .dayOfMonth: []
        case .month: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        case .dayOfWeek: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
        }
    }

    /// What it takes, in words.
    var scope: String {
        let numbers = "\(range.lowerBound) to \(range.upperBound)"
        guard let first = words.first, let last = words.last else { return numbers }
        return "\(numbers), or \(first) to \(last)"
    }
}
