import Foundation

/// The name and port of a `Host` header or an `Origin`, compared as browsers do.
struct HostName: Hashable {
    let name: String
    let port: String

    /// Reads `name`, `name:port` or `[v6]:port`; nil for anything else.
    init?(_ text: some StringProtocol, usualPort: String = "") {
        let end: Substring.Index
        let text = Substring(text)
        if text.hasPrefix("[") {
            guard let bracket = text.firstIndex(of: "]") else { return nil }
            end = text.index(after: bracket)
        } else {
            end = text.firstIndex(of: ":") ?? text.endIndex
        }
        let rest = text[end...]
        guard end > text.startIndex, rest.isEmpty || rest.first == ":", rest.utf8.count <= 6,
            rest.dropFirst().allSatisfy({ $0.isASCII && $0.isNumber })
        else { return nil }
        name = text[..<end].lowercased()
        let port = String(rest.dropFirst())
        self.port = port.isEmpty ? usualPort : port
    }

    /// The host of an `Origin`; nil for `null` and anything else that is none.
    init?(origin: String) {
        for (scheme, port) in [("http://", "80"), ("https://", "443")] where origin.lowercased().hasPrefix(scheme) {
            self.init(origin.dropFirst(scheme.count), usualPort: port)
            return
        }
        return nil
    }

    /// Whether it names this machine for whoever sits at it.
    var isLoopback: Bool { ["127.0.0.1", "localhost", "[::1]"].contains(name) }

    /// Whether an origin of this name is the host that a `Host` header names.
    func isOrigin(ofHost header: String) -> Bool {
        // The header leaves out the scheme's usual port, and so may not say which one is meant.
        HostName(header, usualPort: port) == self
    }
}
