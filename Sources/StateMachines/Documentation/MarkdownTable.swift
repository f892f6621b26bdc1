/// A table in Markdown; a cell may hold line breaks.
struct MarkdownTable {
    private let columns: [String]
    private let rows: [[String]]

    init(_ columns: [String], _ rows: [[String]]) { (self.columns, self.rows) = (columns, rows) }

    /// The table; nothing when it has no rows.
    var lines: [String] {
        guard !rows.isEmpty else { return [] }
        return [Self.line(columns), "|" + columns.map { _ in "---|" }.joined()]
            + rows.map { Self.line($0.map(Self.cell)) }
    }

    private static func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }

    private static func cell(_ text: String) -> String {
        text.isEmpty ? "–" : text.replacing("|", with: "\\|").replacing("\n", with: "<br>")
    }
}

extension String {
    /// The text as Markdown shows it, letter by letter.
    var markdown: String { replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;") }

    /// The text as a name in code.
    var code: String { "`\(self)`" }

    /// The text with a small first letter, to stand inside a sentence; a word in capitals stays.
    var inSentence: String {
        guard let first, dropFirst().first?.isUppercase == false else { return self }
        return first.lowercased() + dropFirst()
    }
}

extension Sequence<String> {
    /// The texts that are not empty, one below the other.
    var stacked: String { filter { !$0.isEmpty }.joined(separator: "\n") }

    /// The texts with commas between them.
    var listed: String { joined(separator: ", ") }
}
