public import Foundation

/// The inputs of a move, read and found right.
public struct Inputs: Sendable, Hashable {
    /// One input.
    public enum Value: Sendable, Hashable {
        /// A text or a choice.
        case text(String)
        /// Cents, basis points or a count.
        case integer(Int64)
        /// True or false.
        case boolean(Bool)
        /// A calendar day.
        case day(CalendarDay)
        /// A moment.
        case instant(Date)
        /// The id of a stored file.
        case file(UUID)
        /// The id of a record.
        case reference(UUID)
        /// Products and quantities, as they came.
        case lines([JSONValue])
    }

    /// The longest text that is taken, in code points, as PostgreSQL counts.
    public static let longestText = 2_000
    /// The largest number that is taken, either way: ten billion dollars in cents, far below where sums overflow.
    public static let largestNumber: Int64 = 1_000_000_000_000

    /// The values by name; one that was not given is absent.
    public private(set) var values: [String: Value]
    /// As they came, for history.
    public private(set) var given: [String: JSONValue]

    /// No inputs.
    public static let none = Inputs(values: [:], given: [:])

    private init(values: [String: Value], given: [String: JSONValue]) {
        (self.values, self.given) = (values, given)
    }

    /// Reads what was given for `asks`.
    ///
    /// Every fault is found at once: an input that is missing, of the wrong type, too long, out of range, not one of
    /// the choices, or not asked for.
    ///
    /// - Parameters:
    ///   - given: What came; null counts as not given.
    ///   - asks: What the move asks for.
    /// - Throws: ``Refusal`` with status 422 and one reason for each fault, in the order of `asks`.
    public init(_ given: [String: JSONValue], for asks: [Ask]) throws(Refusal) {
        var values: [String: Value] = [:]
        var reasons: [Refusal.Reason] = []
        for ask in asks {
            let name = ask.name.text
            switch given[name] ?? .null {
            case .null:
                if ask.isRequired {
                    reasons.append(.init(code: "input_missing", message: "\(ask.label) is missing.", field: name))
                }
            case let value:
                switch ask.read(value) {
                case .success(let read): values[name] = read
                case .failure(let fault):
                    reasons.append(
                        .init(code: "input_invalid", message: "\(ask.label): \(fault.sentence)", field: name))
                }
            }
        }
        let known = Set(asks.map(\.name.text))
        for name in given.keys.sorted() where !known.contains(name) {
            reasons.append(.init(code: "input_unknown", message: "\"\(name)\" is not asked for.", field: name))
        }
        guard reasons.isEmpty else { throw Refusal(status: 422, reasons: reasons) }
        self.init(values: values, given: given.filter { $0.value != .null })
    }

    /// The text or choice of that name.
    public func text(_ name: String) -> String? {
        if case .text(let value) = values[name] { value } else { nil }
    }

    /// The cents, basis points or count of that name.
    public func integer(_ name: String) -> Int64? {
        if case .integer(let value) = values[name] { value } else { nil }
    }

    /// The day of that name.
    public func day(_ name: String) -> CalendarDay? {
        if case .day(let value) = values[name] { value } else { nil }
    }

    /// The moment of that name.
    public func instant(_ name: String) -> Date? {
        if case .instant(let value) = values[name] { value } else { nil }
    }

    /// The truth value of that name.
    public func boolean(_ name: String) -> Bool? {
        if case .boolean(let value) = values[name] { value } else { nil }
    }

    /// The id of a stored file of that name.
    public func file(_ name: String) -> UUID? {
        if case .file(let value) = values[name] { value } else { nil }
    }

    /// The id of a record of that name.
    public func reference(_ name: String) -> UUID? {
        if case .reference(let value) = values[name] { value } else { nil }
    }

    /// The list of that name, as it came.
    public func lines(_ name: String) -> [JSONValue]? {
        if case .lines(let value) = values[name] { value } else { nil }
    }
}
