internal import Database
public import Foundation
public import Jobs

extension TestQueue {
    /// Demands that a job is enqueued and has not ended.
    ///
    /// - Parameters:
    ///   - type: Which job.
    ///   - key: Its unique key; nil: any.
    ///   - runAt: When it is to run, to the second; nil: at any time.
    ///   - matches: What its payload has to be.
    /// - Returns: The first that matches.
    /// - Throws: ``NotEnqueued``, which shows what is enqueued instead.
    @discardableResult
    public func assertEnqueued<Payload: JobPayload>(
        _ type: Payload.Type, key: String? = nil, runAt: Date? = nil, where matches: (Payload) -> Bool = { _ in true }
    ) async throws -> PendingJob {
        let pending = try await pending()
        for job in pending where fault(of: job, type, key: key, runAt: runAt, matches) == nil { return job }
        throw NotEnqueued(
            wanted: Self.words(type.kind, key, runAt),
            found: pending.map { ($0, fault(of: $0, type, key: key, runAt: runAt, matches) ?? "") })
    }

    /// Demands that no such job is enqueued, or that each has ended.
    ///
    /// - Parameters:
    ///   - type: Which job.
    ///   - key: Its unique key; nil: any.
    ///   - matches: What its payload must not be.
    /// - Throws: ``UnexpectedlyEnqueued``, which shows it.
    public func assertNotEnqueued<Payload: JobPayload>(
        _ type: Payload.Type, key: String? = nil, where matches: (Payload) -> Bool = { _ in true }
    ) async throws {
        let found = try await pending().filter { fault(of: $0, type, key: key, runAt: nil, matches) == nil }
        guard found.isEmpty else { throw UnexpectedlyEnqueued(found: found) }
    }

    /// The jobs that have not ended, the oldest first.
    public func pending() async throws -> [PendingJob] {
        try await pool.query(Queue.pending()).map { try PendingJob(row: $0) }
    }

    /// Why a job is not the wanted one; nil: it is.
    private func fault<Payload: JobPayload>(
        of job: PendingJob, _ type: Payload.Type, key: String?, runAt: Date?, _ matches: (Payload) -> Bool
    ) -> String? {
        guard job.kind == type.kind else { return "another kind" }
        if let key, job.uniqueKey != key { return "another key" }
        if let runAt, abs((job.runAt ?? clock.now).timeIntervalSince(runAt)) >= 1 { return "another time" }
        do {
            let json = try seal?.open(job.payload, kind: job.kind) ?? job.payload
            let payload = try JSONDecoder().decode(Payload.self, from: Data(json.text.utf8))
            return matches(payload) ? nil : "another payload"
        } catch {
            return "a payload that cannot be read: \(error)"
        }
    }

    private static func words(_ kind: String, _ key: String?, _ runAt: Date?) -> String {
        [kind, key.map { "with the key \($0)" }, runAt.map { "at \($0.formatted(.iso8601))" }]
            .compactMap { $0 }.joined(separator: " ")
    }
}

/// A job that a test expects is not in the queue.
public struct NotEnqueued: Error, CustomStringConvertible {
    let wanted: String
    let found: [(job: PendingJob, fault: String)]

    /// What was expected, and what is enqueued instead, each with the reason why it is not the expected one.
    public var description: String {
        guard !found.isEmpty else { return "No job \(wanted) is enqueued; nothing is." }
        return (["No job \(wanted) is enqueued as expected. Enqueued are:"]
            + found.map { "  \($0.job.line)  (\($0.fault))" }).joined(separator: "\n")
    }
}

/// A job that a test does not expect is in the queue.
public struct UnexpectedlyEnqueued: Error, CustomStringConvertible {
    let found: [PendingJob]

    /// The jobs.
    public var description: String {
        (["This should not be enqueued:"] + found.map { "  \($0.line)" }).joined(separator: "\n")
    }
}

extension PendingJob {
    /// The job in one line; of a sealed payload nothing but the key's id.
    fileprivate var line: String {
        let when = runAt.map { "at \($0.formatted(.iso8601))" } ?? place.rawValue
        let key = uniqueKey.map { "  key \($0)" } ?? ""
        return "\(kind)  \(SealedPayload(payload)?.shown.text ?? payload.text)\(key)  \(when)"
    }
}
