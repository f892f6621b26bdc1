/// Where in a lifecycle file something stands, so that every message can say it.
public struct SourceLocation: Sendable, Hashable, CustomStringConvertible {
    /// The file's name, as the loader was given it.
    public var file: String
    /// The line, from 1.
    public var line: Int
    /// The column, from 1.
    public var column: Int

    /// Makes a location of its parts.
    public init(file: String, line: Int, column: Int) {
        (self.file, self.line, self.column) = (file, line, column)
    }

    /// `file:line:column`, the form that editors understand.
    public var description: String { "\(file):\(line):\(column)" }
}

/// A name or value of a lifecycle file together with the place where it stands.
///
/// Two words are equal when their texts are; where they stand is for messages alone.
public struct Word: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// What is written.
    public var text: String
    /// Where it is written.
    public var location: SourceLocation

    /// Makes a word that stands at `location`.
    public init(_ text: String, at location: SourceLocation) {
        (self.text, self.location) = (text, location)
    }

    /// Makes a word that stands in no file, for definitions made in code.
    public init(stringLiteral text: String) {
        self.init(text, at: SourceLocation(file: "", line: 0, column: 0))
    }

    /// The text.
    public var description: String { text }

    /// Whether both say the same, wherever they stand.
    public static func == (left: Word, right: Word) -> Bool { left.text == right.text }

    /// Compares with a plain text.
    public static func == (left: Word, right: String) -> Bool { left.text == right }

    /// Feeds the text alone, as `==` compares it.
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

/// One `key: value` of a mapping whose keys are free, in the order of the file.
public struct NamedValue: Sendable, Hashable {
    /// The key.
    public var name: Word
    /// The value, as text.
    public var value: Word

    /// Makes a pair.
    public init(name: Word, value: Word) {
        (self.name, self.value) = (name, value)
    }
}
