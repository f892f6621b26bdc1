public import StateMachines

/// Something that a request carries besides its body.
public struct Parameter: Sendable, Hashable {
    /// Where it stands.
    public enum Place: String, Sendable {
        /// In the path.
        case path
        /// In the query.
        case query
        /// In a header.
        case header
    }

    /// Where it stands.
    public var place: Place
    /// Its name.
    public var name: String
    /// What its value has to be.
    public var schema: Schema
    /// What it is for.
    public var about: String
    /// Whether it has to be there.
    public var isRequired: Bool
    /// A value that does something; nil where the schema says enough.
    public var example: JSONValue?

    /// Declares one.
    public init(
        _ place: Place, _ name: String, _ schema: Schema, _ about: String, isRequired: Bool = false,
        example: JSONValue? = nil
    ) {
        (self.place, self.name, self.schema, self.about, self.isRequired) = (place, name, schema, about, isRequired)
        self.example = example
    }
}

/// One way in which an operation answers when all is well.
public struct Answer: Sendable, Hashable {
    /// The HTTP status.
    public var status: Int
    /// What it means.
    public var about: String
    /// The kind of content; nil when there is none.
    public var mediaType: String?
    /// What the content is; nil for anything but JSON.
    public var schema: Schema?
    /// The headers that go with it, and what each says.
    public var headers: [String: String]

    /// An answer of JSON.
    public static func json(
        _ schema: Schema, _ about: String = "Done.", status: Int = 200, headers: [String: String] = [:]
    ) -> Answer {
        Answer(status: status, about: about, mediaType: "application/json", schema: schema, headers: headers)
    }

    /// An answer of another kind.
    public static func content(_ mediaType: String, _ about: String, status: Int = 200) -> Answer {
        Answer(status: status, about: about, mediaType: mediaType, headers: [:])
    }

    /// An answer without content.
    public static func empty(_ status: Int, _ about: String) -> Answer {
        Answer(status: status, about: about, headers: [:])
    }
}
