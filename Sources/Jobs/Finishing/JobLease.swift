/// The right of one worker to finish one job: the fence.
///
/// The number grows with each claim of the job and never repeats, so of several workers that believe to hold the job
/// only one is right, and only that one's statements match.
public struct JobLease: Hashable, Sendable {
    /// The job.
    public let jobID: JobID
    /// How often the job has been claimed, this time included.
    public let number: Int32
    /// Who holds it.
    public let workerID: WorkerID

    /// Names a lease.
    public init(jobID: JobID, number: Int32, workerID: WorkerID) {
        self.jobID = jobID
        self.number = number
        self.workerID = workerID
    }
}

/// The job belongs to somebody else by now: the process was given up, or the job was finished elsewhere.
///
/// Whatever was to be committed with its completion was not.
public struct LeaseLost: Error, Sendable {
    /// The lease that no longer holds.
    public let lease: JobLease

    /// Says which lease no longer holds.
    public init(lease: JobLease) {
        self.lease = lease
    }
}
