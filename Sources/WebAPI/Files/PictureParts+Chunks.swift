extension PictureParts {
    /// The chunks of a PNG that say what it looks like, moving ones' too.
    private static let looks: Set<String> = [
        "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "cHRM", "gAMA", "iCCP", "sBIT", "sRGB", "cICP", "mDCV", "cLLI", "bKGD",
        "hIST", "pHYs", "sPLT", "acTL", "fcTL", "fdAT",
    ]
    /// Those of a WebP.
    private static let webpLooks: Set<String> = ["VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP"]

    /// PNG.
    mutating func png() throws(BarePicture.Broken) -> [UInt8] {
        try expect([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        var isFirst = true
        while true {
            let start = position
            let length = try take(4).number
            let type = String(decoding: try take(4), as: UTF8.self)
            _ = try take(length)
            _ = try take(4)
            guard !isFirst || type == "IHDR" else { throw BarePicture.Broken() }
            isFirst = false
            if Self.looks.contains(type) { kept += bytes[start..<position] }
            if type == "IEND" { return kept }
        }
    }

    /// WebP.
    mutating func webp() throws(BarePicture.Broken) -> [UInt8] {
        try expect(Array("RIFF".utf8))
        let size = Array(try take(4).reversed()).number
        guard size <= bytes.count - position else { throw BarePicture.Broken() }
        let end = position + size
        kept += [0, 0, 0, 0]
        try expect(Array("WEBP".utf8))
        while position < end {
            let start = position
            let type = String(decoding: try take(4), as: UTF8.self)
            let length = Array(try take(4).reversed()).number
            _ = try take(length)
            // The last one's padding is left out by some.
            if length % 2 == 1, !isAtEnd { _ = try take(1) }
            guard Self.webpLooks.contains(type) else { continue }
            let at = kept.count
            kept += bytes[start..<position]
            if kept.count % 2 == 1 { kept.append(0) }
            // It says no longer that there are metadata.
            if type == "VP8X", length > 0 { kept[at + 8] &= ~0x0C }
        }
        guard kept.count > 12 else { throw BarePicture.Broken() }
        for place in 0..<4 { kept[4 + place] = UInt8((kept.count - 8) >> (8 * place) & 0xFF) }
        return kept
    }

    /// GIF.
    mutating func gif() throws(BarePicture.Broken) -> [UInt8] {
        kept += try take(6)
        let screen = try take(7)
        kept += screen
        kept += try take(Self.tableSize(screen[screen.startIndex + 4]))
        while true {
            // Some end without saying so.
            guard let introducer = next else { return kept + [0x3B] }
            let start = position
            _ = try byte()
            switch introducer {
            case 0x3B:
                return kept + [0x3B]
            case 0x2C:
                let image = try take(9)
                _ = try take(Self.tableSize(image[image.startIndex + 8]) + 1)
                _ = try blocks()
                kept += bytes[start..<position]
            case 0x21:
                let label = try byte()
                let first = try blocks()
                let repeats = label == 0xFF && (first.begins(with: "NETSCAPE2.0") || first.begins(with: "ANIMEXTS1.0"))
                if label == 0xF9 || repeats { kept += bytes[start..<position] }
            default:
                throw BarePicture.Broken()
            }
        }
    }

    private static func tableSize(_ flags: UInt8) -> Int { flags & 0x80 == 0 ? 0 : 3 << (Int(flags & 7) + 1) }

    /// Goes past blocks that each begin with their length; gives the first one.
    private mutating func blocks() throws(BarePicture.Broken) -> ArraySlice<UInt8> {
        var first: ArraySlice<UInt8> = []
        while true {
            let length = Int(try byte())
            guard length > 0 else { return first }
            let block = try take(length)
            if first.isEmpty { first = block }
        }
    }
}
