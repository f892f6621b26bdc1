/// The days that an expression means, from one on, forward or backward; without end.
struct CronDays: Sequence, IteratorProtocol {
    enum Direction {
        case forward, backward
    }

    private let expression: CronExpression
    private let direction: Direction
    private var month: CivilMonth
    private var day: Int

    /// - Parameters:
    ///   - expression: What says which days.
    ///   - day: The first that may be among them, counted from 1970-01-01.
    ///   - direction: Where to go from there.
    init(_ expression: CronExpression, from day: Int, _ direction: Direction) {
        (self.expression, self.direction, self.day) = (expression, direction, day)
        month = CivilMonth(containing: day)
    }

    mutating func next() -> Int? {
        while true {
            while expression.includes(month: month.number), month.days.contains(day) {
                let candidate = day
                day += direction == .forward ? 1 : -1
                if expression.includes(
                    dayOfMonth: candidate - month.firstDay + 1, weekday: CivilMonth.weekday(of: candidate))
                {
                    return candidate
                }
            }
            switch direction {
            case .forward:
                month.advance()
                day = month.days.lowerBound
            case .backward:
                month.retreat()
                day = month.days.upperBound - 1
            }
        }
    }
}
