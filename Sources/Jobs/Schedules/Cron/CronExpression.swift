/// When something is to happen again and again, as cron has it: minute, hour, day of month, month and day of week.
///
/// Each field is `*` or a list of numbers, words (`jan`, `mon`), ranges (`1-5`) and steps (`*/15`, `8-18/2`). The names
/// `@yearly`, `@annually`, `@monthly`, `@weekly`, `@daily`, `@midnight` and `@hourly` stand for what they say. When
/// neither the day of month nor the day of week begins with `*`, a day is meant that is either; else it has to be both.
///
/// An expression that would never fire, such as the 30th of February, is refused.
public struct CronExpression: Sendable {
    /// As it was written, without space around it.
    public let text: String
    let minutes: [Int]
    let hours: [Int]
    private let days: CronNumbers
    private let months: CronNumbers
    private let weekdays: CronNumbers
    /// Whether a day of month is enough without the day of week, and the other way round.
    private let isEitherDay: Bool

    /// Reads an expression.
    ///
    /// - Parameter text: Five fields with space between them, or a name such as `@daily`.
    /// - Throws: ``CronError``, which names the field, the character and what would be right.
    public init(_ text: String) throws(CronError) {
        let written = Array(text)
        let trimmed = written.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed()
        self.text = String(trimmed)
        let characters = Array(try Self.expanded(self.text))
        let places = try Self.places(of: characters, for: self.text)
        var numbers: [CronNumbers] = []
        for (field, place) in zip(CronField.allCases, places) {
            var reader = CronFieldReader(field, in: characters, at: place)
            do throws(CronFieldReader.Fault) {
                numbers.append(try reader.numbers())
            } catch {
                throw CronError(
                    expression: self.text, field: field, character: error.position + 1, problem: error.problem)
            }
        }
        (minutes, hours, days, months, weekdays) = (numbers[0].all, numbers[1].all, numbers[2], numbers[3], numbers[4])
        isEitherDay = characters[places[2].lowerBound] != "*" && characters[places[4].lowerBound] != "*"
        guard isEitherDay || hasADay else {
            throw CronError(
                expression: self.text, field: .dayOfMonth, character: places[2].lowerBound + 1,
                problem: "it never fires, for no month that it names has such a day")
        }
    }

    private static let names = [
        "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
        "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
    ]

    private static func expanded(_ text: String) throws(CronError) -> String {
        guard text.hasPrefix("@") else { return text }
        if let fields = names[text.lowercased()] { return fields }
        throw CronError(
            expression: text, field: nil, character: 1,
            problem: "no such name; there are \(names.keys.sorted().joined(separator: ", "))")
    }

    /// Where the five fields stand.
    private static func places(of characters: [Character], for text: String) throws(CronError) -> [Range<Int>] {
        var places: [Range<Int>] = []
        var start: Int?
        for (index, character) in (characters + [" "]).enumerated() {
            if !character.isWhitespace {
                start = start ?? index
            } else if let begun = start {
                places.append(begun..<index)
                start = nil
            }
        }
        guard places.count == CronField.allCases.count else {
            let fields = CronField.allCases.map(\.rawValue).joined(separator: ", ")
            let end = places.count > 5 ? places[5].lowerBound : characters.count
            throw CronError(
                expression: text, field: nil, character: end + 1,
                problem: "it has \(places.count) fields instead of five: \(fields)")
        }
        return places
    }

    /// Whether some month that is named has a day that is named; each date falls on each day of the week some year.
    private var hasADay: Bool {
        months.all.contains { month in days.all.contains { $0 <= CivilMonth.longest(month) } }
    }

    /// Whether it fires in every hour of the day: it is about intervals then, and not about times of day.
    var firesEachHour: Bool { hours.count == 24 }

    func includes(month: Int) -> Bool { months.contains(month) }

    /// Whether a day of a month that is included is meant.
    func includes(dayOfMonth: Int, weekday: Int) -> Bool {
        let (byDate, byWeekday) = (days.contains(dayOfMonth), weekdays.contains(weekday))
        return isEitherDay ? byDate || byWeekday : byDate && byWeekday
    }
}

extension CronExpression: CustomStringConvertible {
    /// As it was written.
    public var description: String { text }
}
