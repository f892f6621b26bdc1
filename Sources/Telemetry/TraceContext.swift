/// Which trace something belongs to, and which step of it caused it: the W3C trace context, version 00.
///
/// It goes from a request to the events that it writes, to their jobs, and to what those enqueue, so that everything one
/// click set off is found by one number. Nothing is sent anywhere: it stands in rows and in the log.
public struct TraceContext: Hashable, Sendable {
    /// The context in which the present task works.
    ///
    /// Bound by the web for each request and by the worker for each job.
    @TaskLocal public static var current: TraceContext?

    /// The trace: 32 hexadecimal digits in lower case.
    public let traceID: String
    /// The step: 16 hexadecimal digits in lower case.
    public let spanID: String
    /// Whether whoever called may have recorded its part.
    public let isSampled: Bool

    private init(traceID: String, spanID: String, isSampled: Bool) {
        self.traceID = traceID
        self.spanID = spanID
        self.isSampled = isSampled
    }

    /// Reads a `traceparent` header, strictly.
    ///
    /// A later version is read as far as this one goes, as its authors promise.
    ///
    /// - Parameter header: Any text; `nil` comes back for what is no context, such as one of zeros alone.
    public init?(_ header: some StringProtocol) {
        let bytes = Array(header.utf8.prefix(57))
        let dash = UInt8(ascii: "-")
        guard bytes.count >= 55, [2, 35, 52].allSatisfy({ bytes[$0] == dash }),
            let version = Self.hex(bytes[0..<2]), version != "ff",
            bytes.count == 55 || version != "00" && bytes[55] == dash,
            let traceID = Self.hex(bytes[3..<35]), let spanID = Self.hex(bytes[36..<52]),
            let flags = Self.hex(bytes[53..<55]).flatMap({ UInt8($0, radix: 16) }),
            traceID.contains(where: { $0 != "0" }), spanID.contains(where: { $0 != "0" })
        else { return nil }
        self.init(traceID: traceID, spanID: spanID, isSampled: flags & 1 == 1)
    }

    /// Begins a trace.
    ///
    /// - Returns: A context of random numbers.
    public static func begin() -> TraceContext {
        TraceContext(traceID: digits(2), spanID: digits(1), isSampled: true)
    }

    /// The next step of the same trace.
    public var next: TraceContext {
        TraceContext(traceID: traceID, spanID: Self.digits(1), isSampled: isSampled)
    }

    /// The context as a `traceparent` header.
    public var header: String { "00-\(traceID)-\(spanID)-\(isSampled ? "01" : "00")" }

    /// The text, when it is hexadecimal digits in lower case alone.
    private static func hex(_ bytes: ArraySlice<UInt8>) -> String? {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let letters = UInt8(ascii: "a")...UInt8(ascii: "f")
        guard bytes.allSatisfy({ digits.contains($0) || letters.contains($0) }) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Sixteen random digits for each word; zeros alone would be no context, so a word is never zero.
    private static func digits(_ words: Int) -> String {
        String(unsafeUninitializedCapacity: words * 16) { digits in
            for word in 0..<words {
                var rest = max(1, UInt64.random(in: .min ... .max))
                for position in (word * 16..<word * 16 + 16).reversed() {
                    let digit = UInt8(truncatingIfNeeded: rest & 15)
                    digits[position] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
                    rest >>= 4
                }
            }
            return words * 16
        }
    }
}
