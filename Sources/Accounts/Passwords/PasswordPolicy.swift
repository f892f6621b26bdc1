import Foundation

/// Which passwords are taken: 12 to 128 characters, of any kind, and none that everybody tries first.
///
/// Source: SEC-02.
public struct PasswordPolicy: Sendable {
    /// Why a password is not taken.
    public struct Fault: Error, Sendable, Hashable {
        /// The stable word: `too_short`, `too_long`, `common_password`.
        public var code: String
        /// The sentence for people.
        public var message: String
    }

    /// The list could not be read.
    public struct MissingList: Error, Sendable, Hashable, CustomStringConvertible {
        /// Where it was looked for.
        public var path: String
        /// What to do.
        public var description: String {
            """
            There is no list of common passwords at \(path). On Debian and Ubuntu, the package john-data has it \
            (scripts/setup installs it); elsewhere name any list, one password a line, in DRIZZL_COMMON_PASSWORDS.
            """
        }
    }

    /// Where Debian's john-data puts its list.
    public static let usualList = "/usr/share/john/password.lst"
    /// The fewest and the most characters.
    public static let lengths = 12...128

    private let common: Set<String>

    /// Takes a list of passwords that are not taken.
    public init(common: some Sequence<String>) {
        self.common = Set(common.map { $0.lowercased() }.filter { !$0.isEmpty })
    }

    /// Reads the list: one password a line; lines that begin with `#!comment:` are none.
    ///
    /// - Throws: ``MissingList``.
    public init(listAt path: String) throws(MissingList) {
        guard let data = FileManager.default.contents(atPath: path) else { throw MissingList(path: path) }
        let lines = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
        self.init(common: lines.filter { !$0.hasPrefix("#!comment:") }.map(String.init))
    }

    /// Demands that a password be taken.
    ///
    /// - Parameters:
    ///   - password: The password.
    ///   - names: What everybody knows of its owner: name, address.
    /// - Throws: ``Fault`` with the reason.
    public func check(_ password: String, of names: [String] = []) throws(Fault) {
        guard password.count >= Self.lengths.lowerBound else {
            throw Fault(code: "too_short", message: "A password has at least 12 characters; a few words do well.")
        }
        // Bytes too: each character may be any number of them.
        guard password.count <= Self.lengths.upperBound, password.utf8.count <= 1_024 else {
            throw Fault(code: "too_long", message: "A password has at most 128 characters.")
        }
        guard let reason = weakness(password.lowercased(), names) else { return }
        throw Fault(code: "common_password", message: reason)
    }

    private func weakness(_ password: String, _ names: [String]) -> String? {
        // Most of what is tried first is shorter than twelve characters, and is lengthened with digits and signs.
        let core = String(password.trimmingCharacters(in: .letters.inverted))
        if common.contains(password) || common.contains(core) {
            return "This password is among those that are tried first: a common word, with digits or signs around it."
        }
        if core.isEmpty || Self.isRepetition(password) {
            return "This password is among those that are tried first: digits alone, or one thing again and again."
        }
        let known = names.flatMap { $0.lowercased().split { !$0.isLetter } }.filter { $0.count >= 3 }
        if known.contains(where: { $0 == core }) {
            return "This password is your name or address, with digits or signs around it."
        }
        return nil
    }

    private static func isRepetition(_ text: String) -> Bool {
        let characters = Array(text)
        return (1...max(1, characters.count / 2)).contains { length in
            characters.indices.allSatisfy { characters[$0] == characters[$0 % length] }
        }
    }
}
