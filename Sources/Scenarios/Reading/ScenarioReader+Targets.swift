import StateMachines

extension ScenarioReader {
    /// Reads `record` or `record.member`.
    func target(_ word: Word) -> ScenarioTarget? {
        guard let dot = word.text.lastIndex(of: ".") else {
            return reference(word).map { ScenarioTarget(record: $0, member: nil) }
        }
        let member = String(word.text[word.text.index(after: dot)...])
        guard isName(member) else {
            notes.add("W000", at: word.location, "\"\(word)\" is no record and something of it: \"first.confirm\"")
            return nil
        }
        return reference(Word(String(word.text[..<dot]), at: word.location))
            .map { ScenarioTarget(record: $0, member: member) }
    }

    /// Reads `record.member`.
    func memberTarget(_ word: Word, what: String) -> ScenarioTarget? {
        guard let target = target(word) else { return nil }
        if target.member == nil {
            notes.add("W000", at: word.location, "\"\(word)\" names no record with \(what): \"first.confirm\"")
            return nil
        }
        return target
    }

    /// Reads `first`, `invoice` or `invoice of first`.
    func reference(_ word: Word) -> ScenarioReference? {
        let parts = word.text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        let isPair = parts.count == 3 && parts[1] == "of"
        guard parts.count == 1 || isPair, parts.allSatisfy(isName) else {
            notes.add(
                "W000", at: word.location, "\"\(word)\" is no record: \"first\", \"invoice\", \"invoice of first\"")
            return nil
        }
        return ScenarioReference(location: word.location, name: parts[0], owner: isPair ? parts[2] : nil)
    }

    /// Reads `record.member` where the reader has been satisfied before.
    static func parsed(_ word: Word) -> ScenarioTarget {
        let dot = word.text.lastIndex(of: ".")
        let record = dot.map { String(word.text[..<$0]) } ?? word.text
        let parts = record.split(separator: " ").map(String.init)
        return ScenarioTarget(
            record: ScenarioReference(
                location: word.location, name: parts.first ?? "", owner: parts.count == 3 ? parts[2] : nil),
            member: dot.map { String(word.text[word.text.index(after: $0)...]) })
    }

    private func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) else { return false }
        return text.utf8.allSatisfy { byte in
            byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
    }
}
