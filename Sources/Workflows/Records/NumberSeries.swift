import Database

/// A gapless series of document numbers.
///
/// Source: R-34.
enum NumberSeries: String {
    case order = "ORD"
    case invoice = "INV"
    case creditNote = "CN"
    case ticket = "TCK"

    /// Locks the series and reads its next number; what does not commit takes none.
    var lockNext: SQL {
        "SELECT next FROM number_series WHERE series = \(rawValue) FOR UPDATE"
    }

    /// Takes the number that ``lockNext`` read, under the same lock.
    var take: SQL {
        "UPDATE number_series SET next = next + 1 WHERE series = \(rawValue)"
    }

    /// The number as people see it: `INV-10284`.
    func text(_ number: Int64) -> String { "\(rawValue)-\(number)" }
}
