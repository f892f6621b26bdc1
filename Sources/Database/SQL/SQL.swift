/// A piece of SQL text together with the values bound to it.
///
/// Written as a string literal; whatever is interpolated becomes a bind parameter (`$1`, `$2`, …) and never text,
/// so a value cannot change the meaning of a statement:
/// ```swift
/// let sql: SQL = "SELECT id FROM invoices WHERE number = \(number) AND state = \(state)"
/// ```
/// Interpolating another `SQL` splices it in with its parameters. Text made at run time goes in only through the
/// label ``StringInterpolation/appendInterpolation(unsafeUnescaped:)``.
public struct SQL: Sendable {
    /// The text with its placeholders `$1`, `$2`, ….
    public private(set) var text: String
    /// The bound values, the value of `$1` first.
    public private(set) var parameters: [SQLParameter]
    /// Where each placeholder starts in `text`, as UTF-8 offsets: what splicing needs to number them anew.
    private var offsets: [Int]

    /// Makes an empty piece, to which others can be added.
    public init() {
        text = ""
        parameters = []
        offsets = []
    }

    /// Joins two pieces; the right one's placeholders are numbered on from the left one's.
    public static func + (left: SQL, right: SQL) -> SQL {
        var joined = left
        joined.append(right)
        return joined
    }

    /// Adds a piece to the left one; see ``+(_:_:)``.
    public static func += (left: inout SQL, right: SQL) {
        left.append(right)
    }

    mutating func append(text more: String) {
        text.append(more)
    }

    mutating func append(parameter: SQLParameter) {
        offsets.append(text.utf8.count)
        parameters.append(parameter)
        text.append("$")
        text.append(String(parameters.count))
    }

    mutating func append(_ other: SQL) {
        guard !other.parameters.isEmpty else { return append(text: other.text) }
        guard !parameters.isEmpty else {
            offsets.append(contentsOf: other.offsets.map { $0 + text.utf8.count })
            parameters = other.parameters
            text.append(other.text)
            return
        }
        let bytes = other.text.utf8
        var position = bytes.startIndex
        for (index, offset) in other.offsets.enumerated() {
            let placeholder = bytes.index(bytes.startIndex, offsetBy: offset)
            text.append(String(other.text[position..<placeholder]))
            append(parameter: other.parameters[index])
            position = bytes.index(placeholder, offsetBy: 1 + String(index + 1).utf8.count)
        }
        text.append(String(other.text[position...]))
    }
}

extension [SQL] {
    /// Joins the pieces with `separator` between them, as in a list of conditions.
    ///
    /// - Parameter separator: What stands between two pieces, such as `", "` or `" AND "`.
    /// - Returns: One piece with all parameters; an empty piece for an empty array.
    public func joined(separator: SQL) -> SQL {
        var joined = SQL()
        for (index, piece) in enumerated() {
            if index > 0 { joined.append(separator) }
            joined.append(piece)
        }
        return joined
    }
}
