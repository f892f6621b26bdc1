/// Reads one field: lists of `*`, numbers or words, ranges and steps.
struct CronFieldReader {
    /// What is wrong, at which character of the whole expression.
    struct Fault: Error {
        let position: Int
        let problem: String
    }

    let field: CronField
    /// The characters of the whole expression.
    private let text: [Character]
    private let end: Int
    private var position: Int

    /// - Parameters:
    ///   - field: Which field it is.
    ///   - text: The whole expression.
    ///   - place: Where in it the field stands; not empty.
    init(_ field: CronField, in text: [Character], at place: Range<Int>) {
        self.field = field
        self.text = text
        end = place.upperBound
        position = place.lowerBound
    }

    /// Reads the field to its end.
    mutating func numbers() throws(Fault) -> CronNumbers {
        var numbers = CronNumbers()
        repeat {
            for number in try item() { numbers.insert(number) }
        } while try endsItem()
        // Sunday has two numbers, and one is enough.
        if field == .dayOfWeek, numbers.contains(7) {
            numbers.remove(7)
            numbers.insert(0)
        }
        return numbers
    }

    private var next: Character? { position < end ? text[position] : nil }

    private mutating func take(_ character: Character) -> Bool {
        guard next == character else { return false }
        position += 1
        return true
    }

    /// Whether another item follows.
    private mutating func endsItem() throws(Fault) -> Bool {
        if take(",") { return true }
        guard let next else { return false }
        throw Fault(position: position, problem: "\"\(next)\" is not expected here; \(Self.grammar)")
    }

    private static let grammar = "a field is * or a list such as 1,5-9,10-30/5"

    private mutating func item() throws(Fault) -> StrideTo<Int> {
        if take("*") {
            // Both numbers of Sunday would count as a day each.
            let last = field == .dayOfWeek ? 6 : field.range.upperBound
            return try steps(field.range.lowerBound...last, from: position)
        }
        let start = position
        let first = try number()
        guard take("-") else {
            guard next == "/" else { return stride(from: first, to: first + 1, by: 1) }
            throw Fault(
                position: position,
                problem: "a step needs a range; write \(first)-\(field.range.upperBound)/… or */…")
        }
        let lastStart = position
        var last = try number()
        // fri-sun is a range: as its end, Sunday is the seventh day.
        if field == .dayOfWeek, last == 0, first > 0, text[lastStart].isLetter { last = 7 }
        guard first <= last else {
            throw Fault(position: start, problem: "the range \(first)-\(last) runs backwards; make two of it")
        }
        return try steps(first...last, from: position)
    }

    private mutating func steps(_ range: ClosedRange<Int>, from start: Int) throws(Fault) -> StrideTo<Int> {
        guard take("/") else { return stride(from: range.lowerBound, to: range.upperBound + 1, by: 1) }
        let start = position
        let step = try digits()
        guard step > 0 else { throw Fault(position: start, problem: "a step of 0 goes nowhere; 1 is the least") }
        let span = range.upperBound - range.lowerBound
        guard step <= max(span, 1) else {
            throw Fault(
                position: start,
                problem: "a step of \(step) leaves nothing of \(range.lowerBound)-\(range.upperBound) but its "
                    + "beginning; write \(range.lowerBound) if that is meant")
        }
        return stride(from: range.lowerBound, to: range.upperBound + 1, by: step)
    }

    private mutating func number() throws(Fault) -> Int {
        let start = position
        guard let next else {
            throw Fault(position: position, problem: "a value is missing; the \(field.rawValue) is \(field.scope)")
        }
        if next.isASCII, next.isLetter {
            while let next = self.next, next.isASCII, next.isLetter { position += 1 }
            let word = String(text[start..<position])
            guard let index = field.words.firstIndex(of: word.lowercased()) else {
                throw Fault(position: start, problem: "\"\(word)\" is unknown; the \(field.rawValue) is \(field.scope)")
            }
            return field.range.lowerBound + index
        }
        let number = try digits()
        guard field.range.contains(number) else {
            let side = number < field.range.lowerBound ? "too low" : "too high"
            throw Fault(
                position: start,
                problem: "\(String(text[start..<position])) is \(side); the \(field.rawValue) is \(field.scope)")
        }
        return number
    }

    private mutating func digits() throws(Fault) -> Int {
        let start = position
        while let next, ("0"..."9").contains(next) { position += 1 }
        guard start < position else {
            let found = next.map { "\"\($0)\"" } ?? "the end of the field"
            throw Fault(position: start, problem: "a number is expected, not \(found)")
        }
        // Longer ones are out of any range, however long.
        return Int(String(text[start..<position].prefix(9))) ?? 0
    }
}
