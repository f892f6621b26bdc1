import Database
import Foundation
import Jobs

extension JobsText {
    /// A job's whole story.
    static func story(_ job: JobDetails, _ told: ToldOfJob) -> String {
        let facts = facts(job)
        let width = facts.map(\.name.count).max() ?? 0
        let lines = facts.map { name, value in
            "  " + name + String(repeating: " ", count: width - name.count + 2) + TextTable.plain(value)
        }
        let head = "job \(job.summary.id)  \(TextTable.plain(job.summary.kind))  \(place(job))"
        let parts = [[head], lines, [payload(job)], tries(job), telling(told), operations(job)]
        return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n")
    }

    private static func place(_ job: JobDetails) -> String {
        let place = job.summary.place.rawValue
        if let death = job.death { return "\(place): \(death)" }
        return job.cancelRequestedAt == nil ? place : "\(place), to be cancelled"
    }

    private static func facts(_ job: JobDetails) -> [(name: String, value: String)] {
        let summary = job.summary
        let facts: [(String, String?)] = [
            ("queue", "\(summary.queue), priority \(job.priority)"),
            ("enqueued", moment(summary.createdAt)),
            ("runs", summary.runAt.map(moment)),
            ("worker", job.workerID.map { "\($0)\(job.claimedAt.map { ", since \(moment($0))" } ?? "")" }),
            ("ended", summary.finishedAt.map(moment)),
            ("remark", summary.note),
            ("last error", summary.lastError),
            ("tries", "\(summary.attempts) of \(summary.maxAttempts), \(summary.crashes) crashes"),
            ("about", summary.subject.map { "\($0.machine) \($0.recordID.uuidString.lowercased())" }),
            ("event", summary.eventID?.uuidString.lowercased()),
            ("trace", job.traceParent),
            ("unique key", job.uniqueKey),
            ("concurrency", job.concurrency.map { "\($0.key), \($0.limit) at once" }),
            ("rate limit", job.rateKey),
            ("tenant", job.tenant),
            ("batch", job.batch?.description),
            ("replaces", job.replaces.map { "job \($0)" }),
            ("waits for", job.waitsFor.isEmpty ? nil : job.waitsFor.map(\.description).joined(separator: ", ")),
        ]
        return facts.compactMap { name, value in value.map { (name, $0) } }
    }

    private static func payload(_ job: JobDetails) -> String {
        if let sealed = SealedPayload(job.payload) { return "payload sealed with key \(sealed.keyID)" }
        return "payload " + TextTable.plain(job.payload.text)
    }

    private static func tries(_ job: JobDetails) -> [String] {
        guard !job.attempts.isEmpty else { return [] }
        var table = TextTable("LEASE", "TRY", "OUTCOME", "CLAIMED", "ENDED", "AGAIN", "WHY")
        for attempt in job.attempts {
            table.add(
                "\(attempt.lease)", "\(attempt.attempt)", attempt.outcome, attempt.claimedAt.map(moment),
                moment(attempt.finishedAt), attempt.retryAt.map(moment), attempt.reason)
        }
        return ["", table.text]
    }

    private static func telling(_ told: ToldOfJob) -> [String] {
        var lines: [String] = []
        if let progress = told.progress {
            let percent = Int((progress.fraction * 100).rounded())
            lines.append(TextTable.plain("progress \(percent) %\(progress.message.map { ": \($0)" } ?? "")"))
        }
        lines += told.lines.map { lease, line in
            TextTable.plain("\(lease)  \(moment(line.moment))  \(line.level)  \(line.text)")
        }
        if let output = told.output { lines.append("output " + TextTable.plain(output.text)) }
        return lines.isEmpty ? [] : [""] + lines
    }

    private static func operations(_ job: JobDetails) -> [String] {
        guard !job.operations.isEmpty else { return [] }
        var table = TextTable("WHEN", "WHO", "DID", "WHY")
        for operation in job.operations {
            let did = operation.action + (operation.replacement.map { ", job \($0)" } ?? "")
            table.add(moment(operation.at), operation.name, did, operation.reason)
        }
        return ["", table.text]
    }
}
