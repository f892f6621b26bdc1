import Scheduler

/// A duty given as a closure.
struct NamedDuty: Duty {
    let name: String
    let interval: Duration
    let work: @Sendable () async throws -> Bool

    func run() async throws -> Bool { try await work() }
}
