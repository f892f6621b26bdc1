internal import CLibPQ
internal import Glibc

/// Lays out bind values as libpq's functions want them; used again from statement to statement.
struct ParameterBuffer {
    private var bytes: [UInt8] = []
    private var offsets: [Int?] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []
    private(set) var types: [UInt32] = []

    var count: Int32 { Int32(types.count) }

    mutating func load(_ parameters: [SQLParameter]) {
        bytes.removeAll(keepingCapacity: bytes.count < 1 << 20)
        offsets.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        formats.removeAll(keepingCapacity: true)
        types.removeAll(keepingCapacity: true)
        for parameter in parameters { append(parameter) }
    }

    private mutating func append(_ parameter: SQLParameter) {
        types.append(parameter.oid)
        let start = bytes.count
        switch parameter.value {
        case .null:
            offsets.append(nil)
            formats.append(0)
        case .text(let text):
            offsets.append(start)
            formats.append(0)
            bytes.append(contentsOf: text.utf8)
        case .bytes(let value):
            offsets.append(start)
            formats.append(1)
            bytes.append(contentsOf: value)
        case .array(let array, text: _):
            offsets.append(start)
            formats.append(1)
            bytes.append(contentsOf: array.bytes)
        }
        lengths.append(Int32(truncatingIfNeeded: bytes.count - start))
        bytes.append(0)
    }

    /// Calls `body` with the arrays of values, lengths and formats.
    func withPointers<Value>(
        _ body: (
            _ values: UnsafePointer<UnsafePointer<CChar>?>?, _ lengths: UnsafePointer<Int32>?,
            _ formats: UnsafePointer<Int32>?
        ) -> Value
    ) -> Value {
        bytes.withUnsafeBytes { buffer in
            let base = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
            return withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: offsets.count) { values in
                for (index, offset) in offsets.enumerated() {
                    values.initializeElement(at: index, to: offset.flatMap { offset in base.map { $0 + offset } })
                }
                return body(UnsafePointer(values.baseAddress), lengths, formats)
            }
        }
    }
}

extension SQL {
    /// Refuses what the protocol cannot carry, before anything of the pipeline is sent.
    func checkSendable() throws(DatabaseError) {
        guard parameters.count <= Int(UInt16.max) else {
            throw DatabaseError.misuse("a statement binds \(parameters.count) values; the protocol allows 65535")
        }
        // In text form a NUL ends the value: it would be cut short in silence.
        let holdsNUL =
            text.containsNUL
            || parameters.contains {
                if case .text(let text) = $0.value { text.containsNUL } else { false }
            }
        guard !holdsNUL else {
            throw DatabaseError(ServerReport(sqlState: "22021", message: ""))
        }
        guard parameters.allSatisfy({ $0.byteCount <= Int(Int32.max) }) else {
            throw DatabaseError.misuse("a bind value is longer than the protocol allows")
        }
    }
}

extension SQLParameter {
    fileprivate var byteCount: Int {
        switch value {
        case .null: 0
        case .text(let text): text.utf8.count
        case .bytes(let bytes): bytes.count
        case .array(let array, text: _): array.bytes.count
        }
    }
}

extension String {
    var containsNUL: Bool {
        utf8.withContiguousStorageIfAvailable { bytes in
            bytes.baseAddress.map { memchr($0, 0, bytes.count) != nil } ?? false
        } ?? utf8.contains(0)
    }
}
