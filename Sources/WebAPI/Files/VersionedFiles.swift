import Crypto
import Foundation

/// Files that name each other, each with its version, so that a browser may keep all of them for ever.
///
/// A style sheet names its typeface, and a script what it imports. The version of a file is the digest of its bytes with
/// those names written out, so that it changes with whatever it leads to. A style sheet that another one imports is put in
/// its place: a page is painted when all its sheets are there, and on a slow network each costs a round trip. There is no
/// build step: this is done at the start.
struct VersionedFiles {
    /// The bytes of each file as they are sent, by path.
    private(set) var contents: [String: Data]
    /// The version of each file.
    private(set) var versions: [String: String] = [:]

    /// Files in which others are named.
    private static let naming: Set<String> = ["css", "js"]

    init(_ contents: [String: Data]) {
        self.contents = contents
        for path in contents.keys.sorted() { settle(path, above: []) }
    }

    private mutating func settle(_ path: String, above: Set<String>) {
        // Of two scripts that import each other, one has to be named without its version.
        guard versions[path] == nil, !above.contains(path), let data = contents[path] else { return }
        let suffix = path.split(separator: ".").last.map(String.init) ?? ""
        if Self.naming.contains(suffix), let text = String(data: data, encoding: .utf8) {
            let whole = suffix == "css" ? joined(text, in: path, above: above.union([path])) : text
            contents[path] = Data(named(whole, in: path, above: above.union([path])).utf8)
        }
        versions[path] = SHA256.hash(data: contents[path] ?? data).prefix(8)
            .map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    private mutating func named(_ text: String, in path: String, above: Set<String>) -> String {
        var (written, rest) = ("", text[...])
        while let found = rest.firstMatch(of: /(["(])((?:\.\/|\/)[A-Za-z0-9_\/.-]+\.(?:css|js|svg|woff2))([")])/) {
            let name = String(found.2)
            let target = Self.target(name, from: path)
            settle(target, above: above)
            let version = versions[target].map { "?v=\($0)" } ?? ""
            written += rest[..<found.range.lowerBound] + "\(found.1)\(name)\(version)\(found.3)"
            rest = rest[found.range.upperBound...]
        }
        return written + rest
    }

    /// The sheet with those in it that it imports; one that is not there stays named.
    private mutating func joined(_ text: String, in path: String, above: Set<String>) -> String {
        var (written, rest) = ("", text[...])
        while let found = rest.firstMatch(of: /@import "(\.\/[A-Za-z0-9_\/.-]+\.css)";/) {
            let target = Self.target(String(found.1), from: path)
            settle(target, above: above)
            let sheet = versions[target].flatMap { _ in contents[target] }.map { String(decoding: $0, as: UTF8.self) }
            written += rest[..<found.range.lowerBound] + (sheet ?? String(found.0))
            rest = rest[found.range.upperBound...]
        }
        return written + rest
    }

    /// The path that a name leads to, which stands in the file at `path`.
    private static func target(_ name: String, from path: String) -> String {
        guard !name.hasPrefix("/") else { return name }
        return path.prefix { $0 != "." }.split(separator: "/").dropLast()
            .reduce("") { "\($0)/\($1)" } + name.dropFirst()
    }
}
