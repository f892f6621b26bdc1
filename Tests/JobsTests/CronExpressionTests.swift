import Foundation
import Jobs
import Testing

@Suite struct CronExpressionTests {
    /// What it fires at in a stretch of 2026, by UTC.
    private func moments(_ text: String, from start: String, to end: String) throws -> [String] {
        let expression = try CronExpression(text)
        let (start, end) = (try Moment.read(start), try Moment.read(end))
        return expression.moments(after: start.addingTimeInterval(-1), through: end, in: .gmt, limit: 100)
            .map(Moment.text)
    }

    @Test(
        arguments: [
            ("0,30 9 2 1 *", ["2026-01-02T09:00:00Z", "2026-01-02T09:30:00Z"]),
            ("*/20 9 2 jan *", ["2026-01-02T09:00:00Z", "2026-01-02T09:20:00Z", "2026-01-02T09:40:00Z"]),
            ("5-15/5 9 2 JAN *", ["2026-01-02T09:05:00Z", "2026-01-02T09:10:00Z", "2026-01-02T09:15:00Z"]),
            ("0 6,18-19 2 1 *", ["2026-01-02T06:00:00Z", "2026-01-02T18:00:00Z", "2026-01-02T19:00:00Z"]),
            ("0 0 * * sat-sun", ["2026-01-03T00:00:00Z", "2026-01-04T00:00:00Z"]),
            ("0 0 * * 6-7", ["2026-01-03T00:00:00Z", "2026-01-04T00:00:00Z"]),
            ("0 0 * * Mon", ["2026-01-05T00:00:00Z"]),
            ("  0\t0   1  * *  ", ["2026-01-01T00:00:00Z"]),
            ("@yearly", ["2026-01-01T00:00:00Z"]), ("@Annually", ["2026-01-01T00:00:00Z"]),
            ("@monthly", ["2026-01-01T00:00:00Z"]), ("@weekly", ["2026-01-04T00:00:00Z"]),
        ])
    func `an expression fires in the first week of January when it says`(text: String, expected: [String]) throws {
        let found = try moments(text, from: "2026-01-01T00:00:00Z", to: "2026-01-07T00:00:00Z")
        #expect(found == expected)
    }

    @Test func `the names for each day and each hour say how often`() throws {
        let (start, end) = ("2026-01-01T00:00:00Z", "2026-01-02T23:59:00Z")
        #expect(try moments("@daily", from: start, to: end) == ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"])
        #expect(try moments("@midnight", from: start, to: end) == moments("@daily", from: start, to: end))
        #expect(try moments("@hourly", from: start, to: end).count == 48)
    }

    @Test func `of day of month and day of week either is enough when neither begins with a star`() throws {
        let found = try moments("0 0 1,15 * fri", from: "2026-01-01T00:00:00Z", to: "2026-01-20T00:00:00Z")
        #expect(found.map { $0.prefix(10) } == ["2026-01-01", "2026-01-02", "2026-01-09", "2026-01-15", "2026-01-16"])
    }

    @Test(arguments: [("0 0 */2 * fri", ["2026-01-09"]), ("0 0 9-10 * */5", ["2026-01-09"])])
    func `a day has to be both when one of them begins with a star`(text: String, days: [String]) throws {
        let found = try moments(text, from: "2026-01-03T00:00:00Z", to: "2026-01-15T00:00:00Z")
        #expect(found.map { String($0.prefix(10)) } == days)
    }

    @Test func `the 29th of February waits for its year, and for its day of the week`() throws {
        let leap = try CronExpression("0 0 29 2 *")
        #expect(Moment.text(leap.next(after: try Moment.read("2026-01-01T00:00:00Z"), in: .gmt)).prefix(4) == "2028")
        #expect(Moment.text(leap.next(after: try Moment.read("2096-03-01T00:00:00Z"), in: .gmt)).prefix(4) == "2104")
        let weekend = try CronExpression("0 0 29 2 */6")
        #expect(
            Moment.text(weekend.next(after: try Moment.read("2026-01-01T00:00:00Z"), in: .gmt)).prefix(10)
                == "2032-02-29")
    }

    @Test(
        arguments: [
            ("0 0 30 2 *", CronField.dayOfMonth, 5, "never fires"),
            ("0 0 31 4,6,9,11 *", .dayOfMonth, 5, "never fires"),
            ("0 0 31 feb */2", .dayOfMonth, 5, "never fires"),
            ("60 * * * *", .minute, 1, "60 is too high; the minute is 0 to 59"),
            ("0 24 * * *", .hour, 3, "24 is too high"),
            ("0 0 0 * *", .dayOfMonth, 5, "0 is too low; the day of month is 1 to 31"),
            ("0 0 1 13 *", .month, 7, "13 is too high; the month is 1 to 12, or jan to dec"),
            ("0 0 * * 8", .dayOfWeek, 9, "8 is too high"),
            ("0 0 * * funday", .dayOfWeek, 9, "\"funday\" is unknown; the day of week is 0 to 7, or sun to sat"),
            ("0 jan * * *", .hour, 3, "\"jan\" is unknown"),
            ("30-10 * * * *", .minute, 1, "runs backwards"),
            ("0 0 * * fri-mon", .dayOfWeek, 9, "runs backwards"),
            ("*/0 * * * *", .minute, 3, "a step of 0 goes nowhere"),
            ("*/90 * * * *", .minute, 3, "leaves nothing"),
            ("5/15 * * * *", .minute, 2, "a step needs a range; write 5-59/"),
            ("1, * * * *", .minute, 3, "a value is missing"),
            ("1,,2 * * * *", .minute, 3, "a number is expected, not \",\""),
            ("1- * * * *", .minute, 3, "a value is missing"),
            ("*/ * * * *", .minute, 3, "a number is expected, not the end of the field"),
            ("0 0 L * *", .dayOfMonth, 5, "\"L\" is unknown"), ("0 0 ? * *", .dayOfMonth, 5, "not \"?\""),
            ("0 0 1 * 1#2", .dayOfWeek, 10, "\"#\" is not expected here"),
            ("-1 0 * * *", .minute, 1, "not \"-\""), ("٣ 0 * * *", .minute, 1, "not \"٣\""),
            ("99999999999999999999 0 * * *", .minute, 1, "too high"),
        ] as [(String, CronField, Int, String)])
    func `a wrong field is refused with its name, the character and what would be right`(
        text: String, field: CronField, character: Int, problem: String
    ) throws {
        let error = try #require(throws: CronError.self) { try CronExpression(text) }
        #expect((error.field, error.character) == (field, character), "\(error)")
        #expect(error.description.contains(problem), "\(error)")
        #expect(error.description.contains("the \(field.rawValue), character \(character)"))
        #expect(error.description.contains("\"\(text)\""))
    }

    @Test(
        arguments: [
            ("", 1, "it has 0 fields instead of five"), ("0 0 * *", 8, "it has 4 fields instead of five"),
            ("0 0 6 * * *", 11, "it has 6 fields instead of five: minute, hour, day of month, month, day of week"),
            ("@reboot", 1, "there are @annually, @daily"), ("@daily 5", 1, "no such name"),
        ])
    func `a wrong number of fields is refused`(text: String, character: Int, problem: String) throws {
        let error = try #require(throws: CronError.self) { try CronExpression(text) }
        #expect((error.field, error.character) == (nil, character), "\(error)")
        #expect(error.description.contains(problem), "\(error)")
    }
}

/// Moments as texts, so that a failed expectation can be read.
enum Moment {
    struct Unreadable: Error {}

    static func read(_ text: String) throws -> Date {
        guard let moment = try? Date(text, strategy: .iso8601) else { throw Unreadable() }
        return moment
    }

    static func text(_ moment: Date) -> String { moment.formatted(.iso8601) }
}
