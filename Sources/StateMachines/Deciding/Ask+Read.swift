import Foundation

/// Why a value cannot be taken, as the rest of a sentence.
struct InputFault: Error {
    let sentence: String
}

extension Ask {
    /// What people call the input.
    var label: String {
        if let title { return title }
        let words = name.text.split(separator: "_").joined(separator: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }

    /// Reads one value as this input's type.
    func read(_ value: JSONValue) -> Result<Inputs.Value, InputFault> {
        func fault(_ sentence: String) -> Result<Inputs.Value, InputFault> { .failure(InputFault(sentence: sentence)) }
        switch (type, value) {
        case (.text, .string(let text)):
            return checked(text)
        case (.choice(let choices), .string(let text)):
            if choices.contains(where: { $0 == text }) { return .success(.text(text)) }
            return fault("choose one of \(choices.map(\.text).joined(separator: ", ")).")
        case (.money, .integer(let number)), (.percent, .integer(let number)), (.integer, .integer(let number)):
            if (-Inputs.largestNumber...Inputs.largestNumber).contains(number) { return .success(.integer(number)) }
            return fault("the number is out of range.")
        case (.boolean, .boolean(let flag)):
            return .success(.boolean(flag))
        case (.date, .string(let text)):
            if let day = CalendarDay(text) { return .success(.day(day)) }
            return fault("write a day of the calendar as YYYY-MM-DD.")
        case (.time, .string(let text)):
            if let instant = try? Date(text, strategy: .iso8601) { return .success(.instant(instant)) }
            return fault("write a moment as 2026-04-02T09:00:00Z.")
        case (.file, .string(let text)):
            if let id = UUID(uuidString: text) { return .success(.file(id)) }
            return fault("give the id of a stored file.")
        case (.reference, .string(let text)):
            if let id = UUID(uuidString: text) { return .success(.reference(id)) }
            return fault("give the id of a record.")
        case (.lines, .array(let lines)):
            return .success(.lines(lines))
        default:
            return fault(expectation)
        }
    }

    private func checked(_ text: String) -> Result<Inputs.Value, InputFault> {
        // PostgreSQL keeps no NUL in a text; a text of nothing but spaces says nothing.
        if text.unicodeScalars.contains("\0") { return .failure(InputFault(sentence: "the text holds a NUL.")) }
        if text.unicodeScalars.count > Inputs.longestText {
            return .failure(InputFault(sentence: "the text is longer than \(Inputs.longestText) characters."))
        }
        if isRequired, text.allSatisfy(\.isWhitespace) { return .failure(InputFault(sentence: "the text is empty.")) }
        return .success(.text(text))
    }

    private var expectation: String {
        switch type {
        case .text: "write a text."
        case .choice: "write one of the choices as a text."
        case .money: "write a whole number of cents."
        case .percent: "write a whole number of basis points (100 = 1 %)."
        case .integer: "write a whole number."
        case .date: "write a day as a text, YYYY-MM-DD."
        case .time: "write a moment as a text, 2026-04-02T09:00:00Z."
        case .boolean: "write true or false."
        case .file: "write the id of a stored file as a text."
        case .reference: "write the id of a record as a text."
        case .lines: "write a list of lines."
        }
    }
}
