import Database
import Foundation
import StateMachines
import Workflows

extension Stage {
    /// A job that was queued.
    struct QueuedJob {
        var id: Int64
        var kind: String
        var record: UUID?
        var machine: String?
        var with: [String: String]
    }

    /// Demands jobs among those that were queued since the last such step; others may be there too.
    func expectJobs(_ patterns: [ScenarioStep.JobPattern]) async throws {
        var jobs = try await freshJobs()
        let all = jobs
        for pattern in patterns {
            let record = try await record(of: pattern)
            guard let index = jobs.firstIndex(where: { fits($0, pattern, record) }) else {
                throw ScenarioDifference(
                    at: pattern.kind.location, expected: "the job \(described(pattern))", found: described(all))
            }
            jobs.remove(at: index)
        }
        seenJobs.formUnion(all.map(\.id))
    }

    /// Demands that no such job was queued since the last `expect_jobs`.
    func expectNoJobs(_ patterns: [ScenarioStep.JobPattern]) async throws {
        let jobs = try await freshJobs()
        for pattern in patterns {
            let record = try await record(of: pattern)
            guard jobs.contains(where: { fits($0, pattern, record) }) else { continue }
            throw ScenarioDifference(
                at: pattern.kind.location, expected: "no job \(described(pattern))", found: described(jobs))
        }
    }

    /// The jobs that are there already are not looked at.
    func forgetJobs() async throws {
        seenJobs.formUnion(try await freshJobs().map(\.id))
    }

    private func freshJobs() async throws -> [QueuedJob] {
        let rows = try await owner.query(
            """
            SELECT id, kind, machine, record_id, payload FROM queue.jobs
            WHERE NOT (id = ANY(\(seenJobs.sorted()))) AND kind <> \(LaterReaction.kind) ORDER BY id
            """)
        return try rows.map { row in
            let payload = Data(try row.value("payload", as: JSON.self).text.utf8)
            let job = try? JSONDecoder().decode(RecordJob.self, from: payload)
            return QueuedJob(
                id: try row.value("id"), kind: try row.value("kind"), record: try row.optional("record_id"),
                machine: try row.optional("machine"), with: job?.with ?? [:])
        }
    }

    private func record(of pattern: ScenarioStep.JobPattern) async throws -> Record? {
        guard let reference = pattern.record else { return nil }
        return try await find(reference)
    }

    private func fits(_ job: QueuedJob, _ pattern: ScenarioStep.JobPattern, _ record: Record?) -> Bool {
        guard job.kind == pattern.kind.text else { return false }
        if let record, job.record != record.id || job.machine != record.machine { return false }
        return pattern.parameters.allSatisfy { job.with[$0.key.text] == $0.value.description }
    }

    private func described(_ pattern: ScenarioStep.JobPattern) -> String {
        let parameters =
            pattern.parameters.map { "\($0.key): \($0.value)" } + (pattern.record.map { ["of: \($0)"] } ?? [])
        return pattern.kind.text + (parameters.isEmpty ? "" : " {\(parameters.joined(separator: ", "))}")
    }

    private func described(_ jobs: [QueuedJob]) -> String {
        guard !jobs.isEmpty else { return "no job at all" }
        return jobs.map { job in
            let with = job.with.map { "\($0): \($1)" }.sorted().joined(separator: ", ")
            let subject = job.record.map { record in names.first { $0.value.id == record }?.key ?? job.machine ?? "" }
            return "\(job.kind) {\(with)}" + (subject.map { " of \($0)" } ?? "")
        }.joined(separator: "; ")
    }
}
