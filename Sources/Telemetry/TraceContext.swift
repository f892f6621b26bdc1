internal import Synchronization

/// Which trace something belongs to, and which step of it caused it: the W3C trace context, version 00.
///
/// It goes from a request to the events that it writes, to their jobs, and to what those enqueue, so that everything one
/// click set off is found by one number. Nothing is sent anywhere: it stands in rows and in the log.
public struct TraceContext: Hashable, Sendable {
    /// The context in which the present task works.
    ///
    /// Bound by the web for each request and by the worker for each job.
    @TaskLocal public static var current: TraceContext?

    // Numbers, written out when somebody asks: most jobs pass without a word.
    private let high: UInt64
    private let low: UInt64
    private let span: UInt64
    /// Whether whoever called may have recorded its part.
    public let isSampled: Bool

    /// The trace: 32 hexadecimal digits in lower case.
    public var traceID: String { Self.digits(high) + Self.digits(low) }
    /// The step: 16 hexadecimal digits in lower case.
    public var spanID: String { Self.digits(span) }

    private init(high: UInt64, low: UInt64, span: UInt64, isSampled: Bool) {
        (self.high, self.low, self.span, self.isSampled) = (high, low, span, isSampled)
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
            let version = Self.number(bytes[0..<2]), version != 0xff,
            bytes.count == 55 || version != 0 && bytes[55] == dash,
            let high = Self.number(bytes[3..<19]), let low = Self.number(bytes[19..<35]), high | low != 0,
            let span = Self.number(bytes[36..<52]), span != 0, let flags = Self.number(bytes[53..<55])
        else { return nil }
        self.init(high: high, low: low, span: span, isSampled: flags & 1 == 1)
    }

    /// Begins a trace.
    ///
    /// - Returns: A context of random numbers.
    public static func begin() -> TraceContext {
        TraceContext(high: random(), low: random(), span: random(), isSampled: true)
    }

    /// The next step of the same trace.
    public var next: TraceContext {
        TraceContext(high: high, low: low, span: Self.random(), isSampled: isSampled)
    }

    /// The context as a `traceparent` header.
    public var header: String { "00-\(traceID)-\(spanID)-\(isSampled ? "01" : "00")" }

    /// The number, when all are hexadecimal digits in lower case.
    private static func number(_ digits: ArraySlice<UInt8>) -> UInt64? {
        var number: UInt64 = 0
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): number = number << 4 | UInt64(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): number = number << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return number
    }

    private static func digits(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Where the random numbers of this process have got to.
    private static let state = Atomic(UInt64.random(in: .min ... .max))

    /// A number that tells traces apart, never zero: zeros alone would be no context.
    ///
    /// They are not secret, and to ask the system for each took a twentieth of a worker's time. Source: SplitMix64
    /// (Steele, Lea and Flood, 2014).
    private static func random() -> UInt64 {
        var z = state.wrappingAdd(0x9e37_79b9_7f4a_7c15, ordering: .relaxed).newValue
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return max(1, z ^ z >> 31)
    }
}
