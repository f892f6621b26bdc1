/// A table for a terminal: columns as wide as what stands in them, the last one as it comes.
struct TextTable {
    private var rows: [[String]]

    /// Begins with the heads of the columns.
    init(_ heads: String...) {
        rows = [heads]
    }

    mutating func add(_ cells: String?...) {
        // What is read from the database must not move the cursor, nor begin a line.
        rows.append(cells.map { Self.plain($0 ?? "") })
    }

    var isEmpty: Bool { rows.count == 1 }

    /// The lines, without spaces at their ends.
    var text: String {
        let widths = rows.reduce(into: [Int]()) { widths, row in
            for (column, cell) in row.enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], cell.count)
            }
        }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                line += cell
                if column < row.count - 1 { line += String(repeating: " ", count: widths[column] - cell.count + 2) }
            }
            while line.last == " " { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }

    /// A text without control characters.
    static func plain(_ text: String) -> String {
        String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
    }
}
