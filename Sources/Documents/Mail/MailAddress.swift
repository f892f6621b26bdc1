/// A person's or a company's place in a mail: a name, if any, and an address.
///
/// Any text may be put in; ``MailMessage/headers()`` refuses what is not an address. So an address of a partner that
/// went wrong years ago fails its own mail, with a reason, and nothing else.
public struct MailAddress: Sendable, Hashable {
    /// The name shown by mail programs.
    public var name: String?
    /// The address, such as `billing@example.com`.
    public var address: String

    /// Makes the value; nothing is checked.
    public init(name: String? = nil, address: String) {
        self.name = name
        self.address = address
    }

    /// Whether a mail server can be told this address.
    ///
    /// Stricter than RFC 5321 where that is never missed: no quoted local part, no address literal, ASCII only.
    public var isValid: Bool {
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, address.utf8.count <= 254 else { return false }
        return Self.isLocalPart(parts[0]) && Self.isDomain(parts[1])
    }

    private static func isLocalPart(_ text: Substring) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { atom in
                !atom.isEmpty && atom.utf8.allSatisfy { isAlphanumeric($0) || "!#$%&'*+-/=?^_`{|}~".utf8.contains($0) }
            }
    }

    private static func isDomain(_ text: Substring) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.utf8.first != 0x2D && label.utf8.last != 0x2D
                && label.utf8.allSatisfy { isAlphanumeric($0) || $0 == 0x2D }
        }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    /// As in a header: `"Drizzl, Inc." <billing@example.com>`.
    var headerText: String {
        guard let name, !name.isEmpty else { return "<\(address)>" }
        return "\(HeaderText.phrase(name)) <\(address)>"
    }
}
