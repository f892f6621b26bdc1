import StateMachines

extension JSONReader {
    /// Reads a number; whole numbers are kept exactly, and `1.0` is not one.
    mutating func number() throws(JSONFault) -> JSONValue {
        let start = place
        var isWhole = true
        _ = take("-")
        if take("0") {
            // Nothing may follow a leading zero but a fraction or an exponent.
        } else if digits() == 0 {
            throw fault("a digit is missing")
        }
        if take(".") {
            isWhole = false
            guard digits() > 0 else { throw fault("a digit is missing") }
        }
        if take("e") || take("E") {
            isWhole = false
            if !take("+") { _ = take("-") }
            guard digits() > 0 else { throw fault("a digit is missing") }
        }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        if isWhole, let integer = Int64(text) { return .integer(integer) }
        guard let number = Double(text), number.isFinite else { throw fault("the number is out of range", at: start) }
        return .number(number)
    }

    private mutating func digits() -> Int {
        let start = place
        while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { place += 1 }
        return place - start
    }

    /// Reads a text in quotes.
    mutating func string() throws(JSONFault) -> String {
        let start = place
        place += 1
        var text: [UInt8] = []
        while let byte = current {
            place += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let valid = String(validating: text, as: UTF8.self) else {
                    throw fault("the text is not UTF-8", at: start)
                }
                return valid
            case UInt8(ascii: "\\"): text.append(contentsOf: String(try escape()).utf8)
            case 0..<0x20: throw fault("a control character stands in a text; write it as an escape", at: place - 1)
            default: text.append(byte)
            }
        }
        throw fault("a text is not closed", at: start)
    }

    private mutating func escape() throws(JSONFault) -> Character {
        let start = place - 1
        guard let byte = current else { throw fault("a text is not closed") }
        place += 1
        switch byte {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return Character(try codePoint(from: start))
        default: throw fault("there is no such escape", at: start)
        }
    }

    private mutating func codePoint(from start: Int) throws(JSONFault) -> Unicode.Scalar {
        let first = try codeUnit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        // The first half of a pair; the second has to follow.
        guard UTF16.isLeadSurrogate(first), take("\\"), take("u") else { throw fault("half a character", at: start) }
        let second = try codeUnit()
        guard UTF16.isTrailSurrogate(second) else { throw fault("half a character", at: start) }
        let value = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
        guard let scalar = Unicode.Scalar(value) else { throw fault("half a character", at: start) }
        return scalar
    }

    private mutating func codeUnit() throws(JSONFault) -> UInt16 {
        let end = place + 4
        guard end <= bytes.count,
            bytes[place..<end].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let unit = UInt16(String(decoding: bytes[place..<end], as: UTF8.self), radix: 16)
        else { throw fault("four hexadecimal digits are missing") }
        place = end
        return unit
    }
}
