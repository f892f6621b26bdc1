import HTTPTypes
import StateMachines

/// Why a text is no JSON that is taken here, and where.
struct JSONFault: Error, Hashable {
    let message: String
    /// From 1.
    let line: Int
    /// In bytes, from 1.
    let column: Int

    var problem: Problem {
        Problem(
            .badRequest, code: "malformed_json", title: Problem.title(of: .badRequest),
            detail: "The body is no JSON: line \(line), column \(column): \(message).")
    }
}

/// Reads JSON strictly (RFC 8259).
///
/// Not Foundation's decoder: that one lets a key stand twice, does not tell 1.0 from 1 and gives no position.
struct JSONReader {
    let bytes: [UInt8]
    var place = 0
    private var depth = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Reads a text that is one JSON value.
    ///
    /// - Throws: ``JSONFault`` with the place of the first fault.
    static func read(_ bytes: [UInt8]) throws(JSONFault) -> JSONValue {
        var reader = JSONReader(bytes)
        reader.skipSpace()
        let value = try reader.value()
        reader.skipSpace()
        guard reader.place == bytes.count else { throw reader.fault("something follows after the end") }
        return value
    }

    func fault(_ message: String, at position: Int? = nil) -> JSONFault {
        let before = bytes.prefix(position ?? place)
        let line = 1 + before.count { $0 == UInt8(ascii: "\n") }
        let start = (before.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
        return JSONFault(message: message, line: line, column: before.count - start + 1)
    }

    var current: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { place += 1 }
    }

    private mutating func value() throws(JSONFault) -> JSONValue {
        switch current {
        case UInt8(ascii: "{"): return try nested { reader throws(JSONFault) in try reader.object() }
        case UInt8(ascii: "["): return try nested { reader throws(JSONFault) in try reader.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"): return try number()
        case .some(UInt8(ascii: "0")...UInt8(ascii: "9")): return try number()
        case nil: throw fault("the text ends where a value should stand")
        default: throw fault("no value begins like this")
        }
    }

    private mutating func nested(
        _ body: (inout JSONReader) throws(JSONFault) -> JSONValue
    ) throws(JSONFault) -> JSONValue {
        depth += 1
        guard depth <= RequestLimits.jsonDepth else { throw fault("it is nested too deeply") }
        place += 1
        skipSpace()
        let value = try body(&self)
        depth -= 1
        return value
    }

    private mutating func object() throws(JSONFault) -> JSONValue {
        var members: [String: JSONValue] = [:]
        if take("}") { return .object(members) }
        while true {
            let start = place
            guard current == UInt8(ascii: "\"") else { throw fault("a name in quotes is missing") }
            let name = try string()
            guard members[name] == nil else { throw fault("a name stands twice in one object", at: start) }
            skipSpace()
            guard take(":") else { throw fault("a colon is missing") }
            skipSpace()
            members[name] = try value()
            skipSpace()
            if take("}") { return .object(members) }
            guard take(",") else { throw fault("a comma or a closing brace is missing") }
            skipSpace()
        }
    }

    private mutating func array() throws(JSONFault) -> JSONValue {
        var elements: [JSONValue] = []
        if take("]") { return .array(elements) }
        while true {
            elements.append(try value())
            skipSpace()
            if take("]") { return .array(elements) }
            guard take(",") else { throw fault("a comma or a closing bracket is missing") }
            skipSpace()
        }
    }

    private mutating func word(_ text: StaticString, _ value: JSONValue) throws(JSONFault) -> JSONValue {
        let expected = Array(text.description.utf8)
        guard bytes[place...].starts(with: expected) else { throw fault("no value begins like this") }
        place += expected.count
        return value
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard current == UInt8(ascii: character) else { return false }
        place += 1
        return true
    }
}
