/// Rows in COPY's text format: columns between tabs, rows between newlines, `\N` for `NULL`.
struct CopyText {
    private(set) var bytes: [UInt8] = []

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
    }

    mutating func append(_ row: [(any SQLEncodable)?]) throws(DatabaseError) {
        for (index, value) in row.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: "\t")) }
            guard let text = value?.sqlParameter.asText else {
                bytes.append(contentsOf: "\\N".utf8)
                continue
            }
            guard !text.containsNUL else { throw DatabaseError(ServerReport(sqlState: "22021", message: "")) }
            append(escaping: text)
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    private mutating func append(escaping text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
            case UInt8(ascii: "\t"): bytes.append(contentsOf: "\\t".utf8)
            case UInt8(ascii: "\n"): bytes.append(contentsOf: "\\n".utf8)
            case UInt8(ascii: "\r"): bytes.append(contentsOf: "\\r".utf8)
            default: bytes.append(byte)
            }
        }
    }
}
