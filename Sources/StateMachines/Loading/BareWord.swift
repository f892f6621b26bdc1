/// What YAML 1.1 makes of a word without quotes, where YAML 1.2 or a reader of text makes something else of it.
package enum BareWord {
    /// Words that no name may be, not even in quotes: the next tool that writes the file would leave the quotes out.
    static let refusedNames: Set<String> = ["on", "off", "yes", "no", "true", "false", "null"]

    private static let booleans: Set<String> = ["y", "n", "yes", "no", "true", "false", "on", "off"]

    /// What YAML 1.1 would read, as a noun with its article; nil when it reads text too.
    package static func reading(of text: String) -> String? {
        // YAML knows `yes`, `Yes` and `YES`, and no other mixture.
        let lowered = text.lowercased()
        if booleans.contains(lowered), [lowered, lowered.uppercased(), capitalized(lowered)].contains(text) {
            return "a boolean"
        }
        if text == "~" || ["null", "Null", "NULL"].contains(text) { return "nothing" }
        if text == "=" || text == "<<" { return "a sign of its own" }
        guard let first = text.unicodeScalars.first, "0123456789+-.".unicodeScalars.contains(first) else { return nil }
        if text.utf8.allSatisfy(\.isDigit) { return "a number" }
        // Most texts that begin with a digit are "3 days after …"; expressions are made only for what may be a number.
        return text.utf8.allSatisfy(numberBytes.contains) ? numberReading(of: text) : nil
    }

    private static let numberBytes = Set("0123456789+-._: \tabcdefABCDEFxoinINTtZz".utf8)

    private static func capitalized(_ lowered: String) -> String {
        lowered.prefix(1).uppercased() + lowered.dropFirst()
    }

    private static func numberReading(of text: String) -> String? {
        if text.wholeMatch(of: /[-+]?(0b[01_]+|0x[0-9a-fA-F_]+|0o?[0-7_]+|0|[1-9][0-9_]*)/) != nil { return "a number" }
        if text.wholeMatch(of: /[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?/) != nil { return "a number to base 60" }
        if text.wholeMatch(of: /[-+]?([0-9][0-9_]*)?\.[0-9_]*([eE][-+]?[0-9]+)?/) != nil,
            text.contains(where: \.isNumber)
        {
            return "a number"
        }
        if text.wholeMatch(of: /[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+/) != nil { return "a number" }
        if text.wholeMatch(of: /[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)/) != nil { return "a number" }
        if text.wholeMatch(of: /[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt \t].*)?/) != nil { return "a date" }
        return nil
    }
}
