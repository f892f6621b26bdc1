/// When something holds in the product check: `held or not stock_allocated`, `deal is one of proposal, negotiation`.
indirect enum Condition: Sendable, Equatable {
    /// A mark, a task, `attention`, `maybe`, `never` or `always`.
    case word(String)
    /// A machine is in one of some states; `absent` is the state of one without a record.
    case machine(String, in: [String])
    /// The opposite.
    case not(Condition)
    /// Every one.
    case all([Condition])
    /// At least one.
    case any([Condition])

    /// Why a text is no condition.
    struct Unreadable: Error, Equatable {
        var sentence: String
    }

    /// Words that need no explanation in the vocabulary.
    static let ownWords: Set<String> = ["attention", "maybe", "never", "always"]

    /// Reads a condition; `not` binds closest, then `and`, then `or`.
    init(parsing text: String) throws(Unreadable) {
        var parser = Parser(text)
        self = try parser.condition()
        if let rest = parser.peek { throw Unreadable(sentence: "nothing is expected at \"\(rest)\"") }
    }

    /// Every word and machine that it names, itself and its parts.
    var parts: [Condition] {
        switch self {
        case .word, .machine: [self]
        case .not(let condition): condition.parts
        case .all(let conditions), .any(let conditions): conditions.flatMap(\.parts)
        }
    }
}

extension Condition {
    /// Reads the words of a condition from left to right, one at a time.
    private struct Parser {
        /// Deeper than anybody can follow.
        private static let deepest = 20
        private var words: ArraySlice<Substring>
        private var depth = 0

        init(_ text: String) {
            var found: [Substring] = []
            var start = text.startIndex
            for index in text.indices where "(), \n\t".contains(text[index]) {
                if start < index { found.append(text[start..<index]) }
                start = text.index(after: index)
                if !text[index].isWhitespace { found.append(text[index..<start]) }
            }
            if start < text.endIndex { found.append(text[start...]) }
            words = found[...]
        }

        var peek: Substring? { words.first }

        mutating func condition() throws(Unreadable) -> Condition {
            depth += 1
            guard depth <= Self.deepest else { throw Unreadable(sentence: "it is nested too deep") }
            defer { depth -= 1 }
            var ways = [try conjunction()]
            while take("or") { ways.append(try conjunction()) }
            return ways.count == 1 ? ways[0] : .any(ways)
        }

        private mutating func conjunction() throws(Unreadable) -> Condition {
            var parts = [try negation()]
            while take("and") { parts.append(try negation()) }
            return parts.count == 1 ? parts[0] : .all(parts)
        }

        private mutating func negation() throws(Unreadable) -> Condition {
            var isNegated = false
            while take("not") { isNegated.toggle() }
            let condition = try statement()
            return isNegated ? .not(condition) : condition
        }

        private mutating func statement() throws(Unreadable) -> Condition {
            if take("(") {
                let inner = try condition()
                guard take(")") else { throw Unreadable(sentence: "a parenthesis is not closed") }
                return inner
            }
            let name = try name()
            guard take("is") else { return .word(name) }
            guard take("one") else { return .machine(name, in: [try self.name()]) }
            guard take("of") else { throw Unreadable(sentence: "\"of\" is expected after \"is one\"") }
            var states = [try self.name()]
            while take(",") { states.append(try self.name()) }
            return .machine(name, in: states)
        }

        private mutating func name() throws(Unreadable) -> String {
            let found = peek.map { "\"\($0)\"" } ?? "the end"
            guard let word = peek, word.isColumnName,
                !["or", "and", "not", "is", "one", "of"].contains(word)
            else { throw Unreadable(sentence: "a name is expected at \(found)") }
            words.removeFirst()
            return String(word)
        }

        private mutating func take(_ word: String) -> Bool {
            guard let next = peek, next == word else { return false }
            words.removeFirst()
            return true
        }
    }
}
