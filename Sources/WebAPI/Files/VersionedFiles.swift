import Crypto
import Foundation

/// Files that name each other, each with its version, so that a browser may keep all of them for ever.
///
/// A style sheet names its typeface, and a script what it imports. The version of a file is the digest of its bytes with
/// those names written out, so that it changes with whatever it leads to. There is no build step: this is done at the start.
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
            contents[path] = Data(named(text, in: path, above: above.union([path])).utf8)
        }
        versions[path] = SHA256.hash(data: contents[path] ?? data).prefix(8)
            .map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    private mutating func named(_ text: String, in path: String, above: Set<String>) -> String {
        var (written, rest) = ("", text[...])
        while let found = rest.firstMatch(of: /(["(])((?:\.\/|\/)[A-Za-z0-9_\/.-]+\.(?:css|js|svg|woff2))([")])/) {
            let name = String(found.2)
            let target =
                name.hasPrefix("/")
                ? name
                : path.prefix { $0 != "." }.split(separator: "/").dropLast()
                    .reduce("") { "\($0)/\($1)" } + name.dropFirst()
            settle(target, above: above)
            let version = versions[target].map { "?v=\($0)" } ?? ""
            written += rest[..<found.range.lowerBound] + "\(found.1)\(name)\(version)\(found.3)"
            rest = rest[found.range.upperBound...]
        }
        return written + rest
    }
}
