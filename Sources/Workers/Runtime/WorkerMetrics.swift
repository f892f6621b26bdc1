internal import Jobs
public import Telemetry

/// What the workers of this process did, since it began.
public final class WorkerMetrics: Sendable {
    /// How an attempt ended, by kind.
    let attempts = Counters(
        "drizzl_job_attempts_total", help: "Attempts at jobs in this process, by how they ended.",
        labels: ["kind", "outcome"])
    /// How long handlers took, by kind.
    let durations = Histograms(
        "drizzl_job_duration_seconds", help: "How long attempts at jobs took in this process.", labels: ["kind"])
    /// Claims, by what came of them.
    let claims = Counters(
        "drizzl_claims_total", help: "Claims by this process: those that found jobs, found none, or failed.",
        labels: ["queue", "result"])
    /// What claims found.
    let claimed = Counters("drizzl_jobs_claimed_total", help: "Jobs that this process claimed.", labels: ["queue"])
    /// What was claimed in vain.
    let returned = Counters(
        "drizzl_jobs_returned_total", help: "Jobs that this process claimed and gave back without beginning them.",
        labels: ["queue"])
    /// Ends that were refused.
    let lostLeases = Counters(
        "drizzl_leases_lost_total",
        help: "Jobs whose end this process could not record, for they were somebody else's by then.")
    /// How many successes were recorded at once.
    let batches = Histograms(
        "drizzl_completion_batch_jobs", help: "Successes that were recorded by one statement.",
        bounds: [1, 2, 5, 10, 20, 50, 100, 200, 500])

    /// Begins to count.
    public init() {}

    /// All figures so far.
    public var families: [MetricFamily] {
        [
            attempts.family, durations.family, claims.family, claimed.family, returned.family, lostLeases.family,
            batches.family,
        ]
    }

    /// Counts the end of an attempt, and how long it took.
    func count(_ verdict: Verdict, of entry: RunningJob) {
        let took = entry.startedAt.duration(to: .now) / .seconds(1)
        durations.observe(took, entry.job.kind)
        guard verdict == .nothing else { return count(verdict, of: entry.job.kind) }
        attempts.add(1, entry.job.kind, entry.ending.isCommitted ? "succeeded" : "lost")
        if !entry.ending.isCommitted { lostLeases.add() }
    }

    /// Counts the end of an attempt that was none, for nothing ran.
    func count(_ verdict: Verdict, of kind: String) {
        attempts.add(1, kind, verdict.word)
    }
}

extension Verdict {
    /// How an attempt ended, in a word that is stable.
    fileprivate var word: String {
        switch self {
        case .succeeded: "succeeded"
        case .postponed(let why, _, _): why.rawValue
        case .buried: "dead"
        case .released: "released"
        case .cancelled: "cancelled"
        case .nothing: "lost"
        }
    }
}
