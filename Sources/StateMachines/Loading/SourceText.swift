/// The text of one file, looked at before YAML is: encoding, size, characters that no editor shows.
struct SourceText {
    let file: String
    let text: String

    /// Fails with every reason at once.
    init?(file: String, bytes: [UInt8], notes: FaultNotes) {
        self.file = file
        let start = SourceLocation(file: file, line: 1, column: 1)
        guard bytes.count <= WorkflowFiles.largestFile else {
            notes.add("W000", at: start, "the file is larger than 1 MiB")
            return nil
        }
        guard !bytes.starts(with: [0xEF, 0xBB, 0xBF]) else {
            notes.add("W000", at: start, "the file begins with a byte order mark; save it as UTF-8 without one")
            return nil
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            notes.add("W000", at: Self.firstInvalid(in: bytes, file: file), "the file is not UTF-8 from here on")
            return nil
        }
        self.text = text
        let before = notes.faults.count
        noteStrayCharacters(notes)
        guard notes.faults.count == before else { return nil }
    }

    /// The line breaks of YAML 1.1 that no editor counts would shift every line number after them.
    private func noteStrayCharacters(_ notes: FaultNotes) {
        var (line, column, isIndentation, previous) = (1, 1, true, Unicode.Scalar(0))
        for scalar in text.unicodeScalars {
            let place = SourceLocation(file: file, line: line, column: column)
            switch scalar {
            case "\n", "\r":
                break
            case "\t" where isIndentation:
                notes.add("W000", at: place, "a tab stands where YAML wants spaces")
                isIndentation = false
            case "\t":
                break
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}", "\u{FEFF}", "\u{FFFE}", "\u{FFFF}":
                let code = String(scalar.value, radix: 16, uppercase: true)
                notes.add("W000", at: place, "the invisible character U+\(code) stands here; remove it")
            default:
                if scalar != " " { isIndentation = false }
            }
            if scalar == "\n" || scalar == "\r" {
                if scalar == "\r" || previous != "\r" { line += 1 }
                (column, isIndentation) = (1, true)
            } else {
                column += 1
            }
            previous = scalar
        }
    }

    private static func firstInvalid(in bytes: [UInt8], file: String) -> SourceLocation {
        // Repair puts U+FFFD where the first wrong byte stands; what comes before is as it was.
        let repaired = String(decoding: bytes, as: UTF8.self)
        var (line, column, offset) = (1, 1, 0)
        for scalar in repaired.unicodeScalars {
            let width = UTF8.width(scalar)
            guard offset + width <= bytes.count, bytes[offset..<offset + width].elementsEqual(String(scalar).utf8)
            else {
                break
            }
            offset += width
            (line, column) = scalar == "\n" ? (line + 1, 1) : (line, column + 1)
        }
        return SourceLocation(file: file, line: line, column: column)
    }
}
