import Database
public import Foundation
public import StateMachines

/// One record as the API shows it to somebody: its fields by name, for pages.
public struct StoredRecord: Sendable, Hashable {
    /// The fields, as in the API's answer; what the visitor is not shown is absent.
    public let fields: [String: JSONValue]
    /// What changes whenever the record does.
    public let version: String?

    /// The id of no record.
    private static let none = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))

    /// Makes a record of an object's fields.
    public init(_ fields: [String: JSONValue], version: String? = nil) {
        (self.fields, self.version) = (fields, version)
    }

    /// Reads a row of a resource's list, or of one of its records.
    ///
    /// - Throws: ``UnreadableStoredJSON``; `DatabaseError`.
    init(_ row: Row, hasVersion: Bool = false) throws {
        guard case .object(let fields) = try JSONValue.stored(JSON(text: try row.value("body"))) else {
            throw UnreadableStoredJSON()
        }
        self.init(fields, version: hasVersion ? try row.optional("version") : nil)
    }

    /// Its id; a record has one.
    public var id: UUID { id("id") ?? Self.none }

    /// A text, a choice, or whatever else is written as a text.
    public func text(_ name: String) -> String? {
        if case .string(let text) = fields[name] { text } else { nil }
    }

    /// A whole number.
    public func integer(_ name: String) -> Int64? {
        switch fields[name] {
        case .integer(let number): number
        case .number(let number): Int64(exactly: number)
        default: nil
        }
    }

    /// Any number.
    public func number(_ name: String) -> Double? {
        switch fields[name] {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }

    /// Whether it is true.
    public func isTrue(_ name: String) -> Bool { fields[name] == true }

    /// An id.
    public func id(_ name: String) -> UUID? { text(name).flatMap { UUID(uuidString: $0) } }

    /// A calendar day.
    public func day(_ name: String) -> CalendarDay? { text(name).flatMap { CalendarDay($0) } }

    /// A moment.
    public func moment(_ name: String) -> Date? { text(name).flatMap { Timestamp.moment($0) } }

    /// What the record consists of, such as the lines of an order.
    public func parts(_ name: String) -> [StoredRecord] {
        guard case .array(let parts) = fields[name] else { return [] }
        return parts.compactMap { part in if case .object(let fields) = part { StoredRecord(fields) } else { nil } }
    }
}
