internal import Foundation

/// One day on the clocks of a zone: which moments its times of day are.
struct ZoneDay {
    /// A time without a change of the clocks, in seconds since 1970.
    private struct Stretch {
        let start: Int
        var end: Int
        let offset: Int
    }

    private let midnight: Int
    private let stretches: [Stretch]

    /// - Parameters:
    ///   - day: Counted from 1970-01-01.
    ///   - zone: Whose clocks.
    init(_ day: Int, in zone: TimeZone) {
        midnight = day * 86_400
        // No clock is further from UTC than fourteen hours.
        stretches = Self.stretches(from: midnight - 15 * 3_600, to: midnight + 39 * 3_600, in: zone)
    }

    /// The day that it is in `zone` at `instant`, counted from 1970-01-01.
    static func day(of instant: Date, in zone: TimeZone) -> Int {
        let local = instant.timeIntervalSince1970 + Double(zone.secondsFromGMT(for: instant))
        return Int((local / 86_400).rounded(.down))
    }

    /// When the clocks show a time of day: once, twice when they are put back over it, or never when they are put
    /// forward over it.
    func moments(hour: Int, minute: Int) -> [Date] {
        let local = local(hour, minute)
        return stretches.compactMap { stretch in
            let moment = local - stretch.offset
            return moment >= stretch.start && moment < stretch.end ? date(moment) : nil
        }
    }

    /// The first moment after the clocks were put forward over a time of day that they therefore never show.
    func momentAfterGap(hour: Int, minute: Int) -> Date? {
        let local = local(hour, minute)
        return stretches.first { local - $0.offset < $0.start }.map { date($0.start) }
    }

    private func local(_ hour: Int, _ minute: Int) -> Int { midnight + hour * 3_600 + minute * 60 }

    private func date(_ seconds: Int) -> Date { Date(timeIntervalSince1970: Double(seconds)) }

    private static func stretches(from first: Int, to last: Int, in zone: TimeZone) -> [Stretch] {
        func offset(_ moment: Int) -> Int {
            zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(moment)))
        }
        var stretches = [Stretch(start: .min, end: .max, offset: offset(first))]
        let sample = 18 * 3_600
        for start in stride(from: first, to: last, by: sample) {
            var (low, high) = (start, start + sample)
            let (before, after) = (offset(low), offset(high))
            guard before != after else { continue }
            while high - low > 1 {
                let middle = low + (high - low) / 2
                if offset(middle) == before { low = middle } else { high = middle }
            }
            stretches[stretches.count - 1].end = high
            stretches.append(Stretch(start: high, end: .max, offset: after))
        }
        return stretches
    }
}
