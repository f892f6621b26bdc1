/// Why a text is no cron expression, and where.
public struct CronError: Error, Hashable, Sendable {
    /// The text.
    public let expression: String
    /// The field in which the fault is; `nil` when the fields themselves are not right.
    public let field: CronField?
    /// Which character it is at, from 1.
    public let character: Int
    /// What is wrong and what would be right, as a sentence without a full stop.
    public let problem: String
}

extension CronError: CustomStringConvertible {
    /// The expression, the place and what is wrong.
    public var description: String {
        let place = field.map { "the \($0.rawValue), character \(character)" } ?? "character \(character)"
        return "the cron expression \"\(expression)\" is wrong at \(place): \(problem)"
    }
}

extension CronError: SafeTextError {
    /// The whole text: a schedule holds nothing that must not be shown.
    public var safeText: String { description }
}
