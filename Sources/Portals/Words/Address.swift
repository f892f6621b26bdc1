/// Writes addresses: parts of their paths, and their queries.
enum Address {
    private static let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)

    /// A text as one part of a path.
    static func part(_ text: String) -> String { escaped(text, sparing: plain) }

    /// A text as a value of a query; a path stays readable in it.
    static func value(_ text: String) -> String { escaped(text, sparing: plain.union("/".utf8)) }

    /// A path with a query, in the order that is given.
    ///
    /// - Parameters:
    ///   - path: The path, which may have a query already.
    ///   - pairs: Names, which need no escaping, and values.
    /// - Returns: The path alone when there is nothing to ask.
    static func text(_ path: String, _ pairs: [(name: String, value: String)]) -> String {
        guard !pairs.isEmpty else { return path }
        return path + (path.contains("?") ? "&" : "?")
            + pairs.map { "\($0.name)=\(value($0.value))" }.joined(separator: "&")
    }

    /// A path with a query, in the order of the names, without what is empty.
    static func text(_ path: String, _ query: [String: String]) -> String {
        text(path, query.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }

    private static func escaped(_ text: String, sparing spared: Set<UInt8>) -> String {
        text.utf8.reduce(into: "") { escaped, byte in
            if spared.contains(byte) {
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                escaped += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
    }
}
