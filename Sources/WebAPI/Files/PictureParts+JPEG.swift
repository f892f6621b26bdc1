extension PictureParts {
    /// JPEG: tables, frames and scans, the colour profile, what says how colours are coded, and which way is up.
    mutating func jpeg() throws(BarePicture.Broken) -> [UInt8] {
        try expect([0xFF, 0xD8])
        while true {
            guard try byte() == 0xFF else { throw BarePicture.Broken() }
            var marker = try byte()
            while marker == 0xFF { marker = try byte() }
            switch marker {
            case 0xD9:
                return kept + [0xFF, 0xD9]
            case 0x01, 0xD0...0xD7:
                kept += [0xFF, marker]
            default:
                let length = try take(2).number
                try keep(marker, try take(length - 2))
                if marker == 0xDA, keepScan() { return kept + [0xFF, 0xD9] }
            }
        }
    }

    private mutating func keep(_ marker: UInt8, _ content: ArraySlice<UInt8>) throws(BarePicture.Broken) {
        switch marker {
        case 0xE0:
            // Without the small picture that may be in it, which shows what was perhaps cut off the large one.
            guard content.begins(with: "JFIF\0"), content.count >= 14 else { return }
            put(marker, content.prefix(12) + [0, 0])
        case 0xE1:
            guard content.begins(with: "Exif\0\0"), let turn = Self.orientation(content.dropFirst(6)), turn > 1 else {
                return
            }
            put(marker, Self.exif(turned: turn))
        case 0xE2 where content.begins(with: "ICC_PROFILE\0"), 0xEE where content.begins(with: "Adobe"):
            put(marker, content)
        case 0xE0...0xEF, 0xFE:
            return
        case 0xC0...0xCF, 0xDA...0xDF:
            put(marker, content)
        default:
            throw BarePicture.Broken()
        }
    }

    private mutating func put(_ marker: UInt8, _ content: some Collection<UInt8>) {
        let length = content.count + 2
        kept += [0xFF, marker, UInt8(length >> 8), UInt8(length & 0xFF)] + content
    }

    /// Copies the coded pixels of a scan, up to the next marker; true when the file ends before there is one.
    private mutating func keepScan() -> Bool {
        var end = position
        while let found = bytes[end...].firstIndex(of: 0xFF), found + 1 < bytes.count {
            if bytes[found + 1] != 0, !(0xD0...0xD7).contains(bytes[found + 1]) {
                kept += bytes[position..<found]
                skip(to: found)
                return false
            }
            end = found + 2
        }
        kept += bytes[position...]
        return true
    }

    /// Which way is up, as a camera has written it: 1 to 8.
    private static func orientation(_ tiff: ArraySlice<UInt8>) -> UInt16? {
        let bytes = Array(tiff)
        guard bytes.count >= 8 else { return nil }
        let isLittle = bytes.begins(with: "II")
        func number(_ at: Int, _ count: Int) -> Int? {
            guard at >= 0, at + count <= bytes.count else { return nil }
            let part = bytes[at..<at + count]
            return isLittle ? part.reversed().number : part.number
        }
        guard let directory = number(4, 4), let entries = number(directory, 2) else { return nil }
        for entry in 0..<entries {
            let at = directory + 2 + entry * 12
            guard let tag = number(at, 2) else { return nil }
            if tag == 0x0112, let value = number(at + 8, 2), (1...8).contains(value) { return UInt16(value) }
        }
        return nil
    }

    /// Metadata that say nothing but which way is up.
    private static func exif(turned value: UInt16) -> [UInt8] {
        let head: [UInt8] = [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1]
        let entry: [UInt8] = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, UInt8(value), 0, 0]
        return Array("Exif\0\0".utf8) + head + entry + [0, 0, 0, 0]
    }
}
