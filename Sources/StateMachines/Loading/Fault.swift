/// One thing that is wrong in a lifecycle file, said so that a person can put it right.
///
/// Codes are those of `docs/lifecycle-files.md`; they are stable, so that programs may look at them.
public struct Fault: Error, Sendable, Hashable {
    /// `W000` to `W160`.
    public var code: String
    /// Where.
    public var location: SourceLocation
    /// A sentence that says what is wrong and, where it is not plain, what to do.
    public var message: String
    /// Whether the files may run nevertheless.
    public var isWarning: Bool

    /// Makes a fault.
    public init(code: String, location: SourceLocation, message: String, isWarning: Bool = false) {
        (self.code, self.location, self.message, self.isWarning) = (code, location, message, isWarning)
    }
}

extension Fault: CustomStringConvertible {
    /// `file:line:column: W000 sentence`, the form that editors understand.
    public var description: String { "\(location): \(code) \(isWarning ? "warning: " : "")\(message)" }
}

extension Fault: Comparable {
    /// Orders by place, so that a report is read along the files, then by code.
    public static func < (left: Fault, right: Fault) -> Bool {
        let (here, there) = (left.location, right.location)
        return (here.file, here.line, here.column, left.code, left.message)
            < (there.file, there.line, there.column, right.code, right.message)
    }
}
