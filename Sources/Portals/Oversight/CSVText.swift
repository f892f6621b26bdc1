/// Lines of values for spreadsheets (RFC 4180).
enum CSVText {
    /// Writes lines, the first of which should name the columns.
    static func text(_ lines: [[String]]) -> String {
        lines.map { $0.map(field).joined(separator: ",") + "\r\n" }.joined()
    }

    /// One value; one that a spreadsheet would take for a formula is made text.
    ///
    /// A negative number is no formula, and is to be added up.
    private static func field(_ value: String) -> String {
        let isNumber = value.wholeMatch(of: /-[0-9]{1,15}(\.[0-9]{1,15})?/) != nil
        let isFormula =
            !isNumber && (value.unicodeScalars.first.map { "=+-@\t\r".unicodeScalars.contains($0) } ?? false)
        let plain = isFormula ? "'" + value : value
        guard plain.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else { return plain }
        return "\"" + plain.replacing("\"", with: "\"\"") + "\""
    }
}
