extension SourceNode {
    /// The longest title, refusal or reason.
    package static let longestSentence = 200

    /// A text as it is written; bare words that YAML 1.1 reads otherwise are refused.
    ///
    /// Readings in `allowing` are let through: the reader of the key understands such words itself.
    package func text(_ subject: String, notes: FaultNotes, allowing: Set<String> = []) -> Word? {
        guard case .scalar(let text, let isPlain) = content else {
            notes.add("W000", at: location, "\(subject) is \(kind) where a text is wanted")
            return nil
        }
        guard !(isPlain && text.isEmpty) else {
            notes.add("W000", at: location, "\(subject) has no value")
            return nil
        }
        if isPlain, let reading = BareWord.reading(of: text), !allowing.contains(reading) {
            notes.add("W002", at: location, "YAML 1.1 reads the bare word \(text) as \(reading); put it in quotes")
        }
        return Word(text, at: location)
    }

    /// A text that people read, of one line.
    package func sentence(_ subject: String, notes: FaultNotes, longest: Int = longestSentence) -> Word? {
        guard let word = text(subject, notes: notes) else { return nil }
        guard !word.text.allSatisfy(\.isWhitespace) else {
            notes.add("W000", at: location, "\(subject) is empty")
            return nil
        }
        if word.text.count > longest {
            notes.add("W000", at: location, "\(subject) has \(word.text.count) letters; at most \(longest) are shown")
        }
        return word
    }

    /// A name: small letters, digits and underscores.
    package func name(_ subject: String, notes: FaultNotes) -> Word? {
        guard case .scalar(let text, _) = content, !BareWord.refusedNames.contains(text) else {
            if case .scalar(let text, _) = content {
                notes.add("W002", at: location, "no name is \"\(text)\": YAML 1.1 reads it as something else")
                return Word(text, at: location)
            }
            return self.text(subject, notes: notes)
        }
        guard let word = self.text(subject, notes: notes) else { return nil }
        if BareWord.reading(of: text) == nil { word.noteUnlessName(subject, notes: notes) }
        return word
    }

    /// A whole number in decimal digits.
    package func integer(_ subject: String, in range: ClosedRange<Int>, notes: FaultNotes) -> Int? {
        guard let word = text(subject, notes: notes, allowing: ["a number"]) else { return nil }
        guard word.text.isNumber, let number = Int(word.text), range.contains(number)
        else {
            let end = range.upperBound == .max ? "" : " to \(range.upperBound)"
            notes.add("W000", at: location, "\(subject) is \(word), not a whole number from \(range.lowerBound)\(end)")
            return nil
        }
        return number
    }

    /// `true` or `false`.
    package func boolean(_ subject: String, notes: FaultNotes) -> Bool? {
        guard case .scalar(let text, let isPlain) = content, text == "true" || text == "false" else {
            if case .scalar(let text, isPlain: true) = content, BareWord.reading(of: text) == "a boolean" {
                notes.add(
                    "W002", at: location, "\(subject) is \(text); write true or false, which every YAML reads alike")
            } else {
                notes.add("W000", at: location, "\(subject) is neither true nor false")
            }
            return nil
        }
        if !isPlain { notes.add("W000", at: location, "\(subject) is a text; write \(text) without quotes") }
        return text == "true"
    }

    /// One of the values of an enumeration.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ subject: String, of type: Choice.Type, notes: FaultNotes
    ) -> Choice? {
        guard let word = text(subject, notes: notes) else { return nil }
        if let choice = Choice(rawValue: word.text) { return choice }
        let values = type.allCases.map(\.rawValue).joined(separator: ", ")
        notes.add("W000", at: location, "\(subject) is \"\(word)\", which is none of: \(values)")
        return nil
    }
}

extension Word {
    /// Notes when this is no name of ours.
    func noteUnlessName(_ subject: String, notes: FaultNotes) {
        guard !(text.isColumnName && (2...63).contains(text.utf8.count)) else { return }
        notes.add(
            "W000", at: location,
            "\"\(text)\" is no name: \(subject) takes two or more small letters, digits and underscores, a letter first"
        )
    }

    /// Notes when this, as a key, is no name of ours.
    func noteUnlessKeyName(_ subject: String, notes: FaultNotes) {
        if BareWord.refusedNames.contains(text) || BareWord.reading(of: text) != nil {
            notes.add("W002", at: location, "no name is \"\(text)\": YAML 1.1 reads it as something else")
        } else {
            noteUnlessName(subject, notes: notes)
        }
    }
}
