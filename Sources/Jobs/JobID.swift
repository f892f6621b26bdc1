public import Database

/// The number of a job; later jobs have higher ones.
public struct JobID: RawRepresentable, Hashable, Comparable, Sendable, SQLEncodable {
    /// The number as the database holds it.
    public let rawValue: Int64

    /// Wraps a number.
    public init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    /// Whether the left job was made before the right one, to the millisecond.
    public static func < (left: JobID, right: JobID) -> Bool {
        left.rawValue < right.rawValue
    }
}

extension JobID: CustomStringConvertible {
    /// The number in digits.
    public var description: String { String(rawValue) }
}

extension JobID: Codable {
    /// Reads the number from a string, as JavaScript cannot hold it as a number.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let value = Int64(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "a job's number in digits")
        }
        self.init(rawValue: value)
    }

    /// Writes the number as a string, as JavaScript cannot hold it as a number.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
