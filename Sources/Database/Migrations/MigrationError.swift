/// Why the schema could not be brought up to date.
public enum MigrationError: Error, Sendable, CustomStringConvertible {
    /// The files, or what the database says of them, do not agree: all faults at once. Nothing was done.
    case invalid([String])
    /// A migration failed and was rolled back; those before it stay.
    case failed(name: String, line: Int?, cause: DatabaseError)

    /// For the person who runs the migration: every fault on a line of its own.
    public var description: String {
        switch self {
        case .invalid(let faults):
            "the migrations cannot be applied:" + faults.map { "\n  - " + $0 }.joined()
        case .failed(let name, let line, let cause):
            "migration \(name)\(line.map { ", line \($0)" } ?? ""): \(cause.message)"
        }
    }
}
