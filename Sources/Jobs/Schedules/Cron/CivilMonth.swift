internal import Foundation

/// A month of the calendar, and where its days lie, counted from 1970-01-01.
struct CivilMonth {
    private(set) var year: Int
    private(set) var number: Int
    private(set) var firstDay: Int

    /// The month in which a day lies.
    init(containing day: Int) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents(
            [.year, .month, .day], from: Date(timeIntervalSince1970: Double(day) * 86_400))
        year = parts.year ?? 1970
        number = parts.month ?? 1
        firstDay = day - (parts.day ?? 1) + 1
    }

    var days: Range<Int> { firstDay..<firstDay + length }

    private var length: Int {
        let isLeapYear = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return number == 2 && !isLeapYear ? 28 : Self.longest(number)
    }

    /// How many days a month has at most.
    static func longest(_ number: Int) -> Int {
        switch number {
        case 2: 29
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    mutating func advance() {
        firstDay += length
        (year, number) = number == 12 ? (year + 1, 1) : (year, number + 1)
    }

    mutating func retreat() {
        (year, number) = number == 1 ? (year - 1, 12) : (year, number - 1)
        firstDay -= length
    }

    /// 0 is Sunday.
    static func weekday(of day: Int) -> Int {
        // 1970-01-01 was a Thursday.
        ((day + 4) % 7 + 7) % 7
    }
}
