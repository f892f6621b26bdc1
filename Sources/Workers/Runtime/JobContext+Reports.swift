internal import Database
internal import Foundation
public import Jobs
public import Logging

extension JobContext {
    /// Says how far the job is.
    ///
    /// Written at once, then at most once a second; the last one is always written before the job ends.
    ///
    /// - Parameters:
    ///   - fraction: From 0 to 1.
    ///   - message: What that means, such as "600 of 1,200"; a safe text for operators.
    public func progress(_ fraction: Double, _ message: String? = nil) {
        reporter.tell(progress: .init(fraction: fraction, message: message))
    }

    /// Says a line that is kept with the job, and logged.
    ///
    /// Written as ``progress(_:_:)`` is. Of one attempt the first thousand lines are kept, each up to 500 characters.
    ///
    /// - Parameters:
    ///   - text: A safe text for operators: no addresses, no bodies.
    ///   - level: How much it matters.
    public func log(_ text: String, level: Logger.Level = .info) {
        logger.log(level: level, "\(text)")
        reporter.tell(line: text, level: level, at: now())
    }

    /// Says what came of the job, for whoever waits for it.
    ///
    /// Written as ``progress(_:_:)`` is, or with ``transaction(_:)``; the last one counts. It is stored in the clear.
    ///
    /// - Parameter value: Anything that makes up to 64 KB of JSON; larger things belong in a file.
    /// - Throws: `EncodingError`; ``OutputTooLarge``.
    public func output(_ value: some Encodable & Sendable) throws {
        let data = try JSONEncoder().encode(value)
        guard data.count <= OutputTooLarge.limit else { throw OutputTooLarge(bytes: data.count) }
        reporter.tell(output: JSON(text: String(decoding: data, as: UTF8.self)))
    }
}

/// What came of a job is too large to be kept with it.
public struct OutputTooLarge: Error, Sendable, CustomStringConvertible {
    /// How large it may be, in bytes of JSON.
    public static let limit = 65_536
    /// How large it is.
    public let bytes: Int
    /// What to do.
    public var description: String {
        "the output has \(bytes) bytes of JSON, and \(Self.limit) are kept; put it into a file and name the file"
    }
}

extension OutputTooLarge: SafeTextError {
    /// The sizes, and what to do.
    public var safeText: String { description }
}
