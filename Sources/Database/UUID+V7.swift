public import Foundation
internal import Synchronization

extension UUID {
    /// Makes a UUID of version 7 (RFC 9562) for this moment: ordered by time, so that an index on it grows at its end.
    ///
    /// Each is greater than every earlier one of this process, even when the clock is set back.
    public static func v7() -> UUID {
        // wall-clock: an id orders rows and decides nothing.
        V7Clock.wall.next(ticks(Date()), neverBack: true)
    }

    /// Makes a UUID of version 7 (RFC 9562) for a given moment.
    ///
    /// Those of one millisecond are in the order of their making; a moment may be earlier than the last one's.
    ///
    /// - Parameter moment: The time it carries, in milliseconds.
    /// - Returns: A new UUID.
    public static func v7(at moment: Date) -> UUID {
        V7Clock.given.next(ticks(moment), neverBack: false)
    }

    /// Milliseconds since 1970 in the upper bits, 4,096ths of one in the lower twelve: RFC 9562, 6.2, method 3.
    private static func ticks(_ moment: Date) -> UInt64 {
        let milliseconds = max(0, moment.timeIntervalSince1970 * 1_000)
        return UInt64(min(milliseconds, 281_474_976_710_654) * 4_096)
    }
}

/// Hands out moments, no two the same.
private final class V7Clock: Sendable {
    static let wall = V7Clock()
    static let given = V7Clock()

    private let last = Mutex<UInt64>(0)

    func next(_ ticks: UInt64, neverBack: Bool) -> UUID {
        let moment = last.withLock { last in
            let isBack = neverBack ? ticks <= last : ticks <= last && ticks >> 12 == last >> 12
            last = isBack ? last + 1 : ticks
            return last
        }
        return Self.uuid(milliseconds: moment >> 12, fraction: moment & 0xFFF)
    }

    private static func uuid(milliseconds: UInt64, fraction: UInt64) -> UUID {
        // 48 bits of time, version 7, 12 bits of fraction; then variant 2 and 62 random bits from the system.
        let high = milliseconds << 16 | 0x7000 | fraction
        let low = UInt64.random(in: 0...UInt64.max) & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        var bytes = uuid_t(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        withUnsafeMutableBytes(of: &bytes) { buffer in
            buffer.storeBytes(of: high.bigEndian, toByteOffset: 0, as: UInt64.self)
            buffer.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        return UUID(uuid: bytes)
    }
}
