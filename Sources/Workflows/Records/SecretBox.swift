import Crypto
public import Foundation

/// Seals what must not be read in the database: tokens of other systems.
///
/// AES-256-GCM with a random nonce. The row and the column are sealed in, so that a value that is copied to another row
/// cannot be opened there; the key's number stands before the value, so that keys can be changed one after the other.
/// Source: SEC-09.
public struct SecretBox: Sendable {
    /// What is wrong with a key or a sealed value.
    public enum Fault: Error, Sendable, Hashable, CustomStringConvertible {
        /// A key is not 32 bytes long, or the current one is not among the keys.
        case badKeys
        /// A value was sealed with a key that is not here.
        case unknownKey(UInt8)
        /// A value was changed, or belongs to another row.
        case broken

        /// The sentence for the log; it says nothing of key or value.
        public var description: String {
            switch self {
            case .badKeys: "a key for secrets has 32 bytes, and the current one must be among them"
            case .unknownKey(let number): "a secret was sealed with key \(number), which is not here"
            case .broken: "a secret was changed, or belongs to another row"
            }
        }
    }

    /// A sealed value, and nothing that tells what is in it.
    public struct Sealed: Sendable, Hashable {
        /// The key's number, the nonce, the ciphertext, and the seal.
        public var bytes: [UInt8]

        /// Wraps what a row keeps.
        public init(bytes: [UInt8]) {
            self.bytes = bytes
        }
    }

    private let keys: [UInt8: SymmetricKey]
    private let current: UInt8

    /// Makes a box.
    ///
    /// - Parameters:
    ///   - keys: Keys of 32 bytes by number, those that only open old values included.
    ///   - current: The number of the key that seals.
    /// - Throws: ``Fault/badKeys``.
    public init(keys: [UInt8: [UInt8]], current: UInt8) throws(Fault) {
        guard keys[current] != nil, keys.values.allSatisfy({ $0.count == 32 }) else { throw .badKeys }
        self.keys = keys.mapValues { SymmetricKey(data: $0) }
        self.current = current
    }

    /// Seals a text for one column of one row.
    ///
    /// - Throws: ``Fault/badKeys``, which a box that was made never does.
    public func seal(_ text: String, record: UUID, column: String) throws(Fault) -> Sealed {
        guard let key = keys[current],
            let box = try? AES.GCM.seal(Data(text.utf8), using: key, authenticating: Self.place(record, column)),
            let combined = box.combined
        else { throw .badKeys }
        return Sealed(bytes: [current] + combined)
    }

    /// Opens a value that was sealed for this column of this row.
    ///
    /// - Throws: ``Fault/unknownKey(_:)`` or ``Fault/broken``.
    public func open(_ sealed: Sealed, record: UUID, column: String) throws(Fault) -> String {
        guard let number = sealed.bytes.first else { throw .broken }
        // The key that is named, and then every other: keys may have been numbered anew since.
        let others = keys.filter { $0.key != number }.map(\.value)
        for key in [keys[number]].compactMap({ $0 }) + others {
            if let text = Self.open(sealed, with: key, Self.place(record, column)) { return text }
        }
        throw keys[number] == nil ? .unknownKey(number) : .broken
    }

    /// Seals a value anew with the current key.
    ///
    /// - Returns: nil for one that it has sealed already.
    /// - Throws: ``Fault/unknownKey(_:)`` or ``Fault/broken``.
    public func reseal(_ sealed: Sealed, record: UUID, column: String) throws(Fault) -> Sealed? {
        let text = try open(sealed, record: record, column: column)
        if sealed.bytes.first == current, let key = keys[current],
            Self.open(sealed, with: key, Self.place(record, column)) != nil
        {
            return nil
        }
        return try seal(text, record: record, column: column)
    }

    private static func open(_ sealed: Sealed, with key: SymmetricKey, _ place: Data) -> String? {
        guard let box = try? AES.GCM.SealedBox(combined: Data(sealed.bytes.dropFirst())),
            let opened = try? AES.GCM.open(box, using: key, authenticating: place)
        else { return nil }
        return String(decoding: opened, as: UTF8.self)
    }

    private static func place(_ record: UUID, _ column: String) -> Data {
        Data("\(record.uuidString.lowercased())/\(column)".utf8)
    }
}
