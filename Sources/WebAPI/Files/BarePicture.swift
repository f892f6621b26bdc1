/// A picture without what it tells besides: where and when it was taken, with what, by whom.
///
/// Nothing of the picture itself is decoded or changed: the parts that make it up are copied, and no others, so what follows
/// its end is gone too. Of a photograph's metadata which way is up stays. Source: SEC-11.
enum BarePicture {
    /// The picture's parts are not where its kind has them.
    struct Broken: Error {}

    /// Whether files of a kind are pictures that can hold more than the picture.
    static func isOne(_ kind: FileKind) -> Bool { [.png, .jpeg, .gif, .webp].contains(kind) }

    /// The bytes that are kept of a picture.
    ///
    /// - Throws: ``Broken``.
    static func of(_ bytes: [UInt8], _ kind: FileKind) throws(Broken) -> [UInt8] {
        var parts = PictureParts(bytes)
        return switch kind {
        case .jpeg: try parts.jpeg()
        case .png: try parts.png()
        case .webp: try parts.webp()
        case .gif: try parts.gif()
        default: bytes
        }
    }
}

/// Goes through a picture's bytes and copies those parts that are the picture.
struct PictureParts {
    let bytes: [UInt8]
    private(set) var position = 0
    var kept: [UInt8] = []

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        kept.reserveCapacity(bytes.count)
    }

    var isAtEnd: Bool { position >= bytes.count }

    /// The next byte, which stays next.
    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func take(_ count: Int) throws(BarePicture.Broken) -> ArraySlice<UInt8> {
        guard count >= 0, count <= bytes.count - position else { throw BarePicture.Broken() }
        defer { position += count }
        return bytes[position..<position + count]
    }

    mutating func skip(to place: Int) { position = place }

    mutating func byte() throws(BarePicture.Broken) -> UInt8 {
        guard let byte = try take(1).first else { throw BarePicture.Broken() }
        return byte
    }

    mutating func expect(_ head: [UInt8]) throws(BarePicture.Broken) {
        guard try take(head.count).elementsEqual(head) else { throw BarePicture.Broken() }
        kept += head
    }
}

extension Collection<UInt8> {
    /// The number that they are, the first being the highest.
    var number: Int { reduce(0) { $0 << 8 | Int($1) } }

    func begins(with text: String) -> Bool { starts(with: text.utf8) }
}
