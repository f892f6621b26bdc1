/// Finds characters by line and column, as YAML counts them: Unicode scalars, from 1.
struct SourceLines {
    private let text: String
    private let starts: [String.Index]

    init(_ text: String) {
        self.text = text
        let scalars = text.unicodeScalars
        var starts = [scalars.startIndex]
        for index in scalars.indices where scalars[index] == "\n" || scalars[index] == "\r" {
            let next = scalars.index(after: index)
            // CRLF is one break, which ends with its second half.
            if scalars[index] == "\r", next < scalars.endIndex, scalars[next] == "\n" { continue }
            starts.append(next)
        }
        self.starts = starts
    }

    /// Where in the text a place is; nil behind its end.
    func index(line: Int, column: Int) -> String.Index? {
        guard starts.indices.contains(line - 1), column >= 1 else { return nil }
        let scalars = text.unicodeScalars
        guard let index = scalars.index(starts[line - 1], offsetBy: column - 1, limitedBy: scalars.endIndex),
            index < scalars.endIndex
        else { return nil }
        return index
    }

    /// The character that stands at a place.
    func scalar(line: Int, column: Int) -> Unicode.Scalar? {
        index(line: line, column: column).map { text.unicodeScalars[$0] }
    }
}
