public import Database

/// One life of a worker process.
///
/// Random, and new whenever a process was given up and starts over: so nothing that an earlier life left behind can be
/// taken for its own.
public struct WorkerID: RawRepresentable, Hashable, Sendable, SQLEncodable {
    /// The number as the database holds it.
    public let rawValue: Int64

    /// Wraps a number.
    public init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    /// Makes a new one.
    public static func random() -> WorkerID {
        WorkerID(rawValue: .random(in: 1...Int64.max))
    }
}

extension WorkerID: CustomStringConvertible {
    /// The number in hexadecimal digits, as people compare them in logs.
    public var description: String { String(rawValue, radix: 16) }
}
