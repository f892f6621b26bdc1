/// What a JSON value has to be: for reading requests and, the same, for the OpenAPI document.
public indirect enum Schema: Sendable, Hashable {
    /// True or false.
    case boolean
    /// A whole number.
    case integer(ClosedRange<Int64>? = nil)
    /// Any number.
    case number
    /// A text of so many characters.
    case text(_ length: ClosedRange<Int> = 0...2_000)
    /// One of these words.
    case choice([String])
    /// A UUID.
    case id
    /// A day, `YYYY-MM-DD`.
    case day
    /// A moment, RFC 3339.
    case moment
    /// A list of at most so many.
    case list(of: Schema, most: Int = 1_000)
    /// An object of these members and no others.
    case object([Member])
    /// An object with any members.
    case map
    /// An object of members with any names, each like this.
    case entries(of: Schema)
    /// Any value.
    case anything
    /// The value, or null.
    case optional(Schema)
    /// A schema with a name of its own in the document.
    case named(String, Schema)

    /// One member of an object.
    public struct Member: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// What it has to be.
        public var schema: Schema
        /// Whether it has to be there.
        public var isRequired: Bool

        /// Declares one.
        public init(_ name: String, _ schema: Schema, isRequired: Bool = true) {
            (self.name, self.schema, self.isRequired) = (name, schema, isRequired)
        }
    }

    /// An amount in whole cents.
    public static let cents = Schema.integer(-1_000_000_000_000_000...1_000_000_000_000_000)
}
