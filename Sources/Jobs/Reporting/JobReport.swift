public import Database
public import Foundation

/// What a running job has told of itself and is not written yet.
public struct JobReport: Sendable, Hashable {
    /// How far it is.
    public struct Progress: Sendable, Hashable {
        /// From 0 to 1.
        public let fraction: Double
        /// What that means, such as "600 of 1,200"; a safe text.
        public let message: String?

        /// Names a point on the way.
        ///
        /// - Parameters:
        ///   - fraction: Brought between 0 and 1.
        ///   - message: A safe text, or nil.
        public init(fraction: Double, message: String?) {
            self.fraction = fraction.isNaN ? 0 : min(max(fraction, 0), 1)
            self.message = message.map(SafeText.cut)
        }
    }

    /// One line that it said.
    public struct Line: Sendable, Hashable {
        /// Counted from 1 in each attempt.
        public let number: Int
        /// When it was said, by the worker's clock.
        public let moment: Date
        /// `trace`, `debug`, `info`, `notice`, `warning`, `error` or `critical`.
        public let level: String
        /// A safe text.
        public let text: String

        /// Describes a line.
        public init(number: Int, moment: Date, level: String, text: String) {
            (self.number, self.moment, self.level, self.text) = (number, moment, level, SafeText.cut(text))
        }
    }

    /// How far it is; nil: nothing new.
    public var progress: Progress?
    /// What it said.
    public var lines: [Line] = []
    /// What came of it; nil: nothing new.
    public var output: JSON?

    /// Begins with nothing.
    public init() {}

    /// Whether there is nothing to write.
    public var isEmpty: Bool { progress == nil && lines.isEmpty && output == nil }

    /// Adds what was told later, which counts where only one thing can be told.
    public mutating func add(_ later: JobReport) {
        progress = later.progress ?? progress
        lines += later.lines
        output = later.output ?? output
    }
}
