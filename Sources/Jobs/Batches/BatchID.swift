public import Database

/// The number of a batch.
public struct BatchID: RawRepresentable, Hashable, Sendable, Codable, SQLEncodable {
    /// The number as the database holds it.
    public let rawValue: Int64

    /// Wraps a number.
    public init(rawValue: Int64) {
        self.rawValue = rawValue
    }
}

extension BatchID: CustomStringConvertible {
    /// The number in digits.
    public var description: String { String(rawValue) }
}
