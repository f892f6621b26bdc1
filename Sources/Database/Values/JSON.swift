/// A JSON text, stored as `jsonb`.
///
/// It carries text and not a tree: whoever writes JSON knows its own types. PostgreSQL refuses text that is no JSON
/// (SQLSTATE 22P02) and gives it back in its own spelling: keys sorted, white space normalised.
public struct JSON: Sendable, Hashable {
    /// The JSON text.
    public let text: String

    /// Wraps a JSON text, which is not looked at here.
    public init(text: String) {
        self.text = text
    }
}

extension JSON: SQLEncodable {
    /// PostgreSQL's `jsonb`.
    public static var oid: UInt32 { TypeOID.jsonb }
    /// The value as it goes to the server.
    public var sqlParameter: SQLParameter { .text(text, oid: Self.oid) }
}

extension JSON: Codable {
    /// Reads a string that holds the text.
    public init(from decoder: any Decoder) throws {
        text = try decoder.singleValueContainer().decode(String.self)
    }

    /// Writes the text as a string: it is carried, not looked at.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
