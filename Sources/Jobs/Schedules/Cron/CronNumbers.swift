/// Which numbers from 0 to 63 a field names.
struct CronNumbers: Hashable, Sendable {
    private var bits: UInt64 = 0

    func contains(_ number: Int) -> Bool { bits >> UInt64(number) & 1 == 1 }

    mutating func insert(_ number: Int) { bits |= 1 << UInt64(number) }

    mutating func remove(_ number: Int) { bits &= ~(1 << UInt64(number)) }

    /// In rising order.
    var all: [Int] { (0..<64).filter(contains) }

    var count: Int { bits.nonzeroBitCount }
}
