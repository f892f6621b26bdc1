public import Database
public import Foundation

/// How much a queue, or a kind, took in and gave out, and how long runs took.
///
/// Read from what ``Queue/addUpFigures(in:)`` has added up, and of what came since from where it was written: true to
/// the second whether or not a scheduler runs.
public struct QueueThroughput: Sendable, Hashable {
    /// The stretches in which it is counted.
    public enum Span: String, Sendable, CaseIterable {
        /// A minute; kept for a day.
        case minute
        /// An hour; kept for a month.
        case hour

        /// How long one is.
        public var seconds: Double { self == .minute ? 60 : 3_600 }
    }

    /// What it is cut by.
    public enum Cut: Sendable, Hashable {
        /// Each queue for itself.
        case queues
        /// Each kind of one queue for itself.
        case kinds(ofQueue: String)
    }

    /// One stretch.
    public struct Slice: Sendable, Hashable {
        /// Its beginning.
        public let at: Date
        /// Jobs that were asked for.
        public var enqueued = 0
        /// Jobs that succeeded.
        public var succeeded = 0
        /// Jobs that were called off.
        public var cancelled = 0
        /// Attempts that failed.
        public var failed = 0

        /// Jobs that are over and did not die.
        public var ended: Int { succeeded + cancelled }
    }

    /// The queue, or the kind.
    public let name: String
    /// Every stretch of the time that was asked for, the earliest first; the last one is not over.
    public private(set) var slices: [Slice]
    /// Attempts by how long they ran: the bin of each and their number, the shortest first.
    private var bins: [(bin: Int, runs: Int)] = []
    /// How much of the last two stretches has passed, in minutes.
    private let minutesOfLastTwo: Double

    /// Jobs that were asked for in a minute, lately.
    public var enqueuedPerMinute: Double { perMinute(\.enqueued) }
    /// Jobs that ended in a minute, lately.
    public var endedPerMinute: Double { perMinute(\.ended) }
    /// The share of attempts that failed; nil when there were none.
    public var errorRate: Double? {
        let failed = slices.reduce(0) { $0 + $1.failed }
        let all = slices.reduce(failed) { $0 + $1.succeeded }
        return all == 0 ? nil : Double(failed) / Double(all)
    }

    /// How long a run takes that is longer than this share of all; right to a tenth.
    ///
    /// Nil when there were none.
    public func runTime(_ share: Double) -> Duration? {
        let all = bins.reduce(0) { $0 + $1.runs }
        guard all > 0 else { return nil }
        let wanted = max(1, Int((share * Double(all)).rounded(.up)))
        var seen = 0
        for (bin, runs) in bins {
            seen += runs
            // The middle of a bin: each is a quarter of a doubling, and the first begins at a tenth of a millisecond.
            if seen >= wanted { return .microseconds(Int64(100 * pow(2, (Double(bin) + 0.5) / 4))) }
        }
        return nil
    }

    private func perMinute(_ count: (Slice) -> Int) -> Double {
        minutesOfLastTwo > 0 ? Double(slices.suffix(2).reduce(0) { $0 + count($1) }) / minutesOfLastTwo : 0
    }

    /// Two are the same when they say the same.
    public static func == (left: QueueThroughput, right: QueueThroughput) -> Bool {
        left.name == right.name && left.slices == right.slices && left.bins.map(\.runs) == right.bins.map(\.runs)
    }

    /// As they are compared.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(slices)
    }

    /// Reads figures.
    ///
    /// - Parameters:
    ///   - cut: By what.
    ///   - span: In which stretches.
    ///   - count: How many of them, the present one being the last.
    ///   - session: Any session; two round trips.
    /// - Returns: Whoever took in or gave out anything, by name.
    /// - Throws: `DatabaseError`.
    public static func read(
        _ cut: Cut, by span: Span, last count: Int, in session: Session
    ) throws(DatabaseError) -> [QueueThroughput] {
        guard
            let mark = try session.first(
                """
                SELECT date_trunc(\(span.rawValue)::text, clock_timestamp(), 'UTC') AS last, clock_timestamp() AS now,
                       greatest(until, date_trunc(\(span.rawValue)::text, clock_timestamp(), 'UTC')
                           - \(Double(count - 1) * span.seconds) * interval '1 second') AS tail
                FROM queue.figures
                """)
        else { return [] }
        let (last, now): (Date, Date) = (try mark.value("last"), try mark.value("now"))
        let moments = (0..<count).map { last.addingTimeInterval(-Double(count - 1 - $0) * span.seconds) }
        let tail = Queue.happened(from: try mark.value("tail"), to: nil)
        let results = try session.pipeline([
            Queue.plansByStatistics, counts(cut, span, from: moments[0], tail),
            runTimes(cut, span, from: moments[0], tail),
        ])
        let passed = (now.timeIntervalSince(last) + (count > 1 ? span.seconds : 0)) / 60
        let indices = Dictionary(uniqueKeysWithValues: moments.enumerated().map { ($1, $0) })
        var found: [String: QueueThroughput] = [:]
        for row in results[1].rows {
            let name: String = try row.value("name")
            guard let index = indices[try row.value("at")] else { continue }
            var one =
                found[name]
                ?? QueueThroughput(name: name, slices: moments.map { Slice(at: $0) }, minutesOfLastTwo: passed)
            one.slices[index].enqueued = try row.value("enqueued")
            one.slices[index].succeeded = try row.value("succeeded")
            one.slices[index].cancelled = try row.value("cancelled")
            one.slices[index].failed = try row.value("failed")
            found[name] = one
        }
        for row in results[2].rows {
            found[try row.value("name")]?.bins
                .append((Int(try row.value("bin", as: Int16.self)), try row.value("runs")))
        }
        return found.values.sorted { $0.name < $1.name }
    }

    private init(name: String, slices: [Slice], minutesOfLastTwo: Double) {
        (self.name, self.slices, self.minutesOfLastTwo) = (name, slices, minutesOfLastTwo)
    }

    private static func counts(_ cut: Cut, _ span: Span, from first: Date, _ tail: SQL) -> SQL {
        """
        SELECT \(name(cut)) AS name, x.at, sum(x.enqueued)::bigint AS enqueued, sum(x.succeeded)::bigint AS succeeded,
               sum(x.cancelled)::bigint AS cancelled, sum(x.failed)::bigint AS failed
        FROM (
            SELECT at, queue, kind, enqueued, succeeded, cancelled, failed
            FROM queue.throughput
            WHERE span = \(span.rawValue) AND at >= \(first)
            UNION ALL
            SELECT date_trunc(\(span.rawValue)::text, t.at, 'UTC'), t.queue, t.kind, t.enqueued, t.succeeded,
                   t.cancelled, t.failed
            FROM (\(tail)) t
        ) x
        WHERE \(chosen(cut))
        GROUP BY 1, 2
        """
    }

    private static func runTimes(_ cut: Cut, _ span: Span, from first: Date, _ tail: SQL) -> SQL {
        """
        SELECT \(name(cut)) AS name, x.bin, sum(x.runs)::bigint AS runs
        FROM (
            SELECT queue, kind, bin, runs FROM queue.run_times WHERE span = \(span.rawValue) AND at >= \(first)
            UNION ALL
            SELECT t.queue, t.kind, t.bin, 1 FROM (\(tail)) t WHERE t.bin IS NOT NULL
        ) x
        WHERE \(chosen(cut))
        GROUP BY 1, 2
        ORDER BY 1, 2
        """
    }

    private static func name(_ cut: Cut) -> SQL { if case .kinds = cut { "x.kind" } else { "x.queue" } }

    private static func chosen(_ cut: Cut) -> SQL {
        if case .kinds(let queue) = cut { "x.queue = \(queue)" } else { "true" }
    }
}
