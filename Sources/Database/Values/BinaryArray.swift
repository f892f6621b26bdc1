/// A one-dimensional PostgreSQL array in the binary form of `array_recv`: a header, then each element behind its length.
public struct BinaryArray: Sendable {
    private(set) var bytes: [UInt8] = []
    private static let hasNullOffset = 4

    /// Begins an array.
    ///
    /// - Parameters:
    ///   - arrayOID: The array's type, by its object id.
    ///   - count: How many elements will follow.
    init(of arrayOID: UInt32, count: Int) {
        bytes.reserveCapacity(20 + 12 * count)
        write(Int32(count == 0 ? 0 : 1))
        write(Int32(0))
        write(TypeOID.element(of: arrayOID))
        guard count > 0 else { return }
        write(Int32(truncatingIfNeeded: count))
        // Indices begin at 1.
        write(Int32(1))
    }

    mutating func appendNull() {
        bytes[Self.hasNullOffset + 3] = 1
        write(Int32(-1))
    }

    mutating func append(integer: some FixedWidthInteger) {
        write(Int32(integer.bitWidth / 8))
        write(integer)
    }

    /// Appends an element; `version` is a byte before it, where the type's form has one.
    mutating func append(bytes element: some Collection<UInt8>, after version: UInt8? = nil) {
        write(Int32(truncatingIfNeeded: element.count + (version == nil ? 0 : 1)))
        if let version { bytes.append(version) }
        bytes.append(contentsOf: element)
    }

    private mutating func write(_ integer: some FixedWidthInteger) {
        withUnsafeBytes(of: integer.bigEndian) { bytes.append(contentsOf: $0) }
    }
}
