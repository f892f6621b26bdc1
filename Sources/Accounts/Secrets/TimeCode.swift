import Crypto
public import Foundation

/// The second factor: a code of six digits that changes every half minute (RFC 6238, as authenticator apps do it).
public struct TimeCode: Sendable, Hashable {
    /// The secret that app and server share: 160 bits.
    private var secret: [UInt8]

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    private static let period: TimeInterval = 30

    /// Makes a new secret.
    public init() {
        secret = SecretToken.randomBytes(20)
    }

    /// Takes a secret's bytes.
    init(secret: [UInt8]) {
        self.secret = secret
    }

    /// Reads a secret as people and apps write it; nil when it is none.
    public init?(base32 text: String) {
        var (bytes, buffer, bits) = ([UInt8](), UInt32(0), 0)
        for character in text.uppercased() {
            guard let value = Self.alphabet.firstIndex(of: character) else { return nil }
            buffer = buffer << 5 | UInt32(value)
            bits += 5
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bits)))
            }
        }
        guard bytes.count >= 16 else { return nil }
        secret = bytes
    }

    /// The secret as people and apps write it.
    public var base32: String {
        var (text, buffer, bits) = ("", UInt32(0), 0)
        for byte in secret {
            buffer = buffer << 8 | UInt32(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(Self.alphabet[Int(buffer >> UInt32(bits) & 31)])
            }
        }
        if bits > 0 { text.append(Self.alphabet[Int(buffer << UInt32(5 - bits) & 31)]) }
        return text
    }

    /// The address that an authenticator app reads, mostly as a picture.
    public func address(of email: String, issuer: String) -> String {
        let allowed = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-._~@"))
        let name = email.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
        let issuer = issuer.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
        return "otpauth://totp/\(issuer):\(name)?secret=\(base32)&issuer=\(issuer)"
    }

    /// The code of a moment.
    public func code(at moment: Date) -> String { code(step: Self.step(at: moment)) }

    /// Which step's code this is, if it is good now: that of the present half minute or of the one before or after.
    ///
    /// - Parameters:
    ///   - code: What was typed.
    ///   - last: The step of the last code that was taken; no code is good twice.
    ///   - now: The present, UTC.
    /// - Returns: The step, to be kept; nil when the code is not good.
    public func step(of code: String, after last: Int64, now: Date) -> Int64? {
        let present = Self.step(at: now)
        return (present - 1...present + 1).first { step in
            step > last && SecretToken.areSame(self.code(step: step), code)
        }
    }

    private static func step(at moment: Date) -> Int64 { Int64((moment.timeIntervalSince1970 / period).rounded(.down)) }

    private func code(step: Int64) -> String {
        let counter = withUnsafeBytes(of: step.bigEndian) { Data($0) }
        let digest = Array(
            HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: Data(secret))))
        let offset = Int(digest[19] & 0xF)
        let number = digest[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        let digits = String(number % 1_000_000)
        return String(repeating: "0", count: 6 - digits.count) + digits
    }
}
