import CArgon2
import Foundation

/// What is kept of a password: Argon2id as a PHC string, `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`.
///
/// Making and checking one takes tens of milliseconds and 19 MiB: give both to a ``PasswordHasher``. Source: SEC-02.
public struct PasswordHash: Sendable, Hashable {
    /// How dear a guess is.
    struct Cost: Sendable, Hashable {
        var kibibytes: UInt32
        var passes: UInt32
        var lanes: UInt32

        /// That of new hashes; the least that SEC-02 allows.
        static let current = Cost(kibibytes: 19_456, passes: 2, lanes: 1)

        /// Whether an attacker has less work with this than with another.
        func isBelow(_ other: Cost) -> Bool { kibibytes < other.kibibytes || passes < other.passes }
    }

    /// libargon2 could not work: there is no memory.
    public struct Failure: Error, Sendable, Hashable {
        /// libargon2's own number.
        public var code: Int32
    }

    /// The hash as the database keeps it.
    public var text: String

    /// Takes what the database keeps.
    public init(text: String) {
        self.text = text
    }

    /// Hashes a password with a salt of its own.
    ///
    /// - Throws: ``Failure``.
    public init(of password: String) throws(Failure) {
        try self.init(of: password, cost: .current)
    }

    init(of password: String, cost: Cost) throws(Failure) {
        let salt = SecretToken.randomBytes(16)
        let password = Array(password.utf8)
        let length = argon2_encodedlen(cost.passes, cost.kibibytes, cost.lanes, 16, 32, Argon2_id)
        var encoded = [CChar](repeating: 0, count: length)
        let code = argon2id_hash_encoded(
            cost.passes, cost.kibibytes, cost.lanes, password, password.count, salt, salt.count, 32, &encoded, length)
        guard code == ARGON2_OK.rawValue else { throw Failure(code: code) }
        text = String(decoding: encoded.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether this is the password; compared in constant time.
    public func matches(_ password: String) -> Bool {
        let password = Array(password.utf8)
        return argon2id_verify(text, password, password.count) == ARGON2_OK.rawValue
    }

    /// Whether it was made when guesses were cheaper, and is to be made anew at the next sign-in.
    public var isOutdated: Bool { cost?.isBelow(.current) ?? true }

    /// The numbers in the text; nil when it is no such text.
    var cost: Cost? {
        let parts = text.split(separator: "$")
        guard parts.count == 5, parts[0] == "argon2id", parts[1] == "v=19" else { return nil }
        var numbers: [Substring: UInt32] = [:]
        for pair in parts[2].split(separator: ",") {
            let sides = pair.split(separator: "=")
            guard sides.count == 2, let number = UInt32(sides[1]) else { return nil }
            numbers[sides[0]] = number
        }
        guard let m = numbers["m"], let t = numbers["t"], let p = numbers["p"] else { return nil }
        return Cost(kibibytes: m, passes: t, lanes: p)
    }
}
