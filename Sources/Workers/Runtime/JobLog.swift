internal import Jobs
internal import Logging
internal import Telemetry

/// What is said about one job names it, and the trace that it belongs to.
///
/// The names are put together when something is said: most jobs pass without a word, and rendering the names of each
/// took a seventh of the worker's time.
struct JobLog: Sendable {
    private let process: Logger
    private let job: ClaimedJob
    private let trace: TraceContext?

    init(_ process: Logger, of job: ClaimedJob, in trace: TraceContext?) {
        (self.process, self.job, self.trace) = (process, job, trace)
    }

    /// A logger that names the job with each line.
    var logger: Logger {
        var logger = process
        logger[metadataKey: "job"] = "\(job.id)"
        logger[metadataKey: "kind"] = "\(job.kind)"
        logger[metadataKey: "lease"] = "\(job.lease.number)"
        if let trace { logger[metadataKey: "trace"] = "\(trace.traceID)" }
        return logger
    }
}
