public import Foundation

/// Says what temperature readings mean.
///
/// "For n minutes" means consecutive readings of one sensor, all above, whose first and last are at least n minutes
/// apart. Source: R-25.
public struct ColdChain: Sendable {
    /// One reading of one sensor.
    public struct Reading: Sendable, Hashable {
        /// The sensor.
        public var sensor: String
        /// When it was read.
        public var at: Date
        /// Hundredths of a degree Fahrenheit, as the column keeps them.
        public var hundredths: Int

        /// Makes a reading.
        public init(sensor: String, at: Date, hundredths: Int) {
            (self.sensor, self.at, self.hundredths) = (sensor, at, hundredths)
        }
    }

    /// What has happened.
    public struct Event: Sendable, Hashable {
        /// What kind of thing.
        public enum Kind: String, Sendable, CaseIterable {
            /// Above the product limit for a while.
            case warning
            /// So warm for so long, or so very warm, that the goods have to be judged.
            case excursion
            /// Nothing was read.
            case gap
        }

        /// What has happened.
        public var kind: Kind
        /// The sensor; nil for a gap.
        public var sensor: String?
        /// The first reading of it; of a gap the last before it.
        public var startedAt: Date
        /// When it had lasted long enough.
        public var reachedAt: Date
        /// The last reading of it; of a gap the first after it; nil: it still lasts.
        public var endedAt: Date?
        /// The warmest, hundredths of a degree; nil for a gap.
        public var maximum: Int?
    }

    /// The time in which readings are expected.
    public struct Transit: Sendable, Hashable {
        /// When the carrier collected it.
        public var from: Date
        /// When it was delivered; the present while it is on its way.
        public var to: Date

        /// Makes a time in transit.
        public init(from: Date, to: Date) {
            (self.from, self.to) = (from, to)
        }
    }

    /// Warm above this, hundredths of a degree.
    public var warningAbove = 0
    /// So many minutes of it are a warning.
    public var warningMinutes = 15
    /// Too warm above this, hundredths of a degree.
    public var excursionAbove = 500
    /// So many minutes of it are an excursion.
    public var excursionMinutes = 30
    /// One reading above this is an excursion, hundredths of a degree.
    public var atOnceAbove = 1_500
    /// More minutes than this without a reading are a gap.
    public var gapMinutes = 30

    /// The limits of R-25.
    public init() {}

    /// What all readings of a shipment mean, oldest first.
    ///
    /// - Parameters:
    ///   - readings: The readings, in any order.
    ///   - transit: When it was on its way; nil: it is not collected, so nothing is missing.
    /// - Returns: Warnings, excursions and gaps.
    public func events(_ readings: [Reading], transit: Transit?) -> [Event] {
        let sorted = readings.sorted { ($0.at, $0.sensor) < ($1.at, $1.sensor) }
        var events = gaps(sorted.map(\.at), transit)
        for (_, own) in Dictionary(grouping: sorted, by: \.sensor) {
            events += runs(own, above: warningAbove).compactMap { run in
                event(.warning, run, reached: reached(run, minutes: warningMinutes))
            }
            events += runs(own, above: excursionAbove).compactMap { run in
                let atOnce = run.readings.first { $0.hundredths > atOnceAbove }?.at
                let lasting = reached(run, minutes: excursionMinutes)
                return event(.excursion, run, reached: [atOnce, lasting].compactMap { $0 }.min())
            }
        }
        return events.sorted { ($0.startedAt, $0.kind.rawValue) < ($1.startedAt, $1.kind.rawValue) }
    }

    private struct Run {
        var readings: [Reading]
        var isOver: Bool
    }

    private func runs(_ readings: [Reading], above limit: Int) -> [Run] {
        var runs: [Run] = []
        var current: [Reading] = []
        for reading in readings {
            if reading.hundredths > limit {
                current.append(reading)
            } else if !current.isEmpty {
                runs.append(Run(readings: current, isOver: true))
                current = []
            }
        }
        return current.isEmpty ? runs : runs + [Run(readings: current, isOver: false)]
    }

    private func reached(_ run: Run, minutes: Int) -> Date? {
        guard let first = run.readings.first else { return nil }
        return run.readings.first { $0.at.timeIntervalSince(first.at) >= Double(minutes * 60) }?.at
    }

    private func event(_ kind: Event.Kind, _ run: Run, reached: Date?) -> Event? {
        guard let reached, let first = run.readings.first else { return nil }
        return Event(
            kind: kind, sensor: first.sensor, startedAt: first.at, reachedAt: reached,
            endedAt: run.isOver ? run.readings.last?.at : nil, maximum: run.readings.map(\.hundredths).max())
    }

    private func gaps(_ moments: [Date], _ transit: Transit?) -> [Event] {
        guard let transit, transit.from < transit.to else { return [] }
        let length = Double(gapMinutes * 60)
        let inside = moments.filter { $0 > transit.from && $0 < transit.to }
        let marks = [transit.from] + inside + [transit.to]
        return zip(marks, marks.dropFirst()).compactMap { start, end in
            guard end.timeIntervalSince(start) > length else { return nil }
            // Whether the end of transit is a reading or the present is told by what was read.
            let isOver = end < transit.to || moments.contains(end)
            return Event(
                kind: .gap, startedAt: start, reachedAt: start.addingTimeInterval(length),
                endedAt: isOver ? end : nil, maximum: nil)
        }
    }
}
