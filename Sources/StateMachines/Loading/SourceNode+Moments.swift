extension SourceNode {
    /// The largest count of minutes, days or weeks: far enough for any business, near enough for any calendar.
    private static let largestCount = 100_000

    /// Reads `30 days`.
    func span(_ subject: String, notes: FaultNotes) -> Span? {
        guard let word = text(subject, notes: notes) else { return nil }
        if let span = Self.span(word.text.split(separator: " ", omittingEmptySubsequences: false)) { return span }
        notes.add(
            "W000", at: location, "\(subject) is \"\(word)\", no length of time such as 30 days or 1 business day")
        return nil
    }

    /// Reads `3 days before due_date`, `2 hours after entering` or `next_sync_at`.
    func moment(_ subject: String, notes: FaultNotes) -> RelativeMoment? {
        guard let word = text(subject, notes: notes) else { return nil }
        let parts = word.text.split(separator: " ", omittingEmptySubsequences: false)
        guard let last = parts.last, last.isColumnName else {
            return unreadableMoment(word, subject: subject, notes: notes)
        }
        if parts.count == 1 { return RelativeMoment(distance: nil, anchor: word) }
        guard parts.count >= 4, let side = ["before", "after"].first(where: { $0 == parts[parts.count - 2] }),
            let span = Self.span(parts.dropLast(2))
        else { return unreadableMoment(word, subject: subject, notes: notes) }
        return RelativeMoment(distance: span, isBefore: side == "before", anchor: word.part(last))
    }

    private func unreadableMoment(_ word: Word, subject: String, notes: FaultNotes) -> RelativeMoment? {
        let form = "3 days before due_date, 2 hours after entering, next_sync_at"
        notes.add("W000", at: location, "\(subject) is \"\(word)\", no moment such as \(form)")
        return nil
    }

    /// Reads `9am`, `4:30pm partner time`.
    func timeOfDay(_ subject: String, notes: FaultNotes) -> TimeOfDay? {
        guard let word = text(subject, notes: notes) else { return nil }
        let parts = word.text.split(separator: " ", omittingEmptySubsequences: false)
        guard let clock = Self.clock(parts[0]), parts.count == 1 || parts.count == 3 && parts[2] == "time",
            parts.count == 1 || parts[1].isColumnName
        else {
            notes.add("W000", at: location, "\(subject) is \"\(word)\", no time such as 9am or 4:30pm partner time")
            return nil
        }
        return TimeOfDay(
            hour: clock.hour, minute: clock.minute, zone: parts.count == 3 ? word.part(parts[1]) : nil)
    }

    /// `9am`, `4:30pm`; noon is 12pm.
    private static func clock(_ text: Substring) -> (hour: Int, minute: Int)? {
        guard text.hasSuffix("am") || text.hasSuffix("pm") else { return nil }
        let parts = text.dropLast(2).split(separator: ":", omittingEmptySubsequences: false)
        guard let digits = parts.first, digits.isCount, let hour = Int(digits), hour <= 12, parts.count <= 2 else {
            return nil
        }
        var minute = 0
        if parts.count == 2 {
            guard parts[1].utf8.count == 2, parts[1].utf8.allSatisfy(\.isDigit), let read = Int(parts[1]), read < 60
            else {
                return nil
            }
            minute = read
        }
        return (hour % 12 + (text.hasSuffix("pm") ? 12 : 0), minute)
    }

    /// Reads `order enters shipped`.
    func trigger(_ subject: String, notes: FaultNotes) -> Reaction.Trigger? {
        guard let word = text(subject, notes: notes) else { return nil }
        let parts = word.text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].isColumnName, parts[2].isColumnName,
            let verb = Reaction.Trigger.Verb(rawValue: String(parts[1]))
        else {
            let examples = "order enters shipped, order leaves pending, order does cancel"
            notes.add("W000", at: location, "\(subject) is \"\(word)\", no event such as \(examples)")
            return nil
        }
        return Reaction.Trigger(machine: word.part(parts[0]), verb: verb, subject: word.part(parts[2]))
    }

    /// `30 days`, `1 business day`.
    private static func span(_ parts: some BidirectionalCollection<Substring>) -> Span? {
        guard let digits = parts.first, digits.isCount, let count = Int(digits), count <= largestCount else {
            return nil
        }
        let unit = parts.dropFirst().joined(separator: " ")
        let singular = unit.hasSuffix("s") ? String(unit.dropLast()) : unit
        return Span.Unit(rawValue: singular).map { Span(count, $0) }
    }
}

extension StringProtocol {
    /// `[a-z][a-z0-9_]*`, by hand as those below, because a regular expression takes a millisecond to make.
    var isColumnName: Bool {
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        guard let first = utf8.first, letters.contains(first) else { return false }
        return utf8.allSatisfy { letters.contains($0) || $0.isDigit || $0 == UInt8(ascii: "_") }
    }

    /// `0`, or digits of which the first is none.
    var isNumber: Bool { self == "0" || isCount }

    /// `[1-9][0-9]*`.
    var isCount: Bool { utf8.first != UInt8(ascii: "0") && !isEmpty && utf8.allSatisfy(\.isDigit) }
}

extension UInt8 {
    /// `0` to `9`.
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}

extension Word {
    /// A part of this word at its own place; right for words of one line without quotes, as these are written.
    func part(_ part: Substring) -> Word {
        let offset = text.unicodeScalars.distance(from: text.startIndex, to: part.startIndex)
        let place = SourceLocation(file: location.file, line: location.line, column: location.column + offset)
        return Word(String(part), at: place)
    }
}
