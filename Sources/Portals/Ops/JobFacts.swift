import enum Documents.TemplateValue
import Foundation
import Jobs
import WebAPI

/// Every field of a job, by what people call it.
struct JobFacts {
    let details: JobDetails
    let time: OpsTime

    private var job: JobSummary { details.summary }

    /// What the template shows: a fact a row, and only those that there are.
    var rows: [PageValues] {
        let priorities = ["interactive", "notice", "bulk", "roll-up"]
        let priority = Int(details.priority)
        return [
            fact("Queue", job.queue, href: "\(OpsPages.root)/queues/\(Address.part(job.queue))"),
            fact("Kind", job.kind, href: "\(JobPages.root)?kind=\(Address.part(job.kind))", isCode: true),
            fact(
                "Priority",
                priorities.indices.contains(priority) ? "\(priority), \(priorities[priority])" : "\(priority)"),
            fact("Attempts", "\(job.attempts) of \(job.maxAttempts)"),
            job.crashes > 0 ? fact("Workers lost", "\(job.crashes)") : nil,
            fact("Enqueued", job.createdAt), fact(job.attempts > 0 ? "Next attempt" : "Runs", job.runAt),
            fact("Ended", job.finishedAt),
            details.workerID.map { worker in
                fact("Worker", worker.description, href: "\(JobPages.root)?worker=\(worker)", isCode: true)
            },
            fact("Leased since", details.claimedAt), fact("Lease ends", details.leaseExpiresAt),
            fact("Asked to stop", details.cancelRequestedAt),
            details.uniqueKey.map { key in
                fact("Dedupe key", key, href: "\(JobPages.root)?key=\(Address.part(key))", isCode: true)
            },
            details.concurrency.map { limit in
                fact(
                    "Slots", "\(limit.limit) at once of \(limit.key)",
                    href: "\(JobPages.root)?key=\(Address.part(limit.key))")
            },
            details.rateKey.map { fact("Rate key", $0, isCode: true) }, details.tenant.map { fact("Tenant", $0) },
            details.batch.map { fact("Batch", $0.description) },
            details.replaces.map { fact("Replaces", $0.description, href: OpsPages.path($0), isCode: true) },
        ].compactMap(\.self) + replacements
            + details.waitsFor.map {
                fact("Waits for", $0.description, href: OpsPages.path($0), isCode: true)
            }
    }

    private var replacements: [PageValues] {
        details.operations.compactMap(\.replacement).map {
            fact("Replaced by", $0.description, href: OpsPages.path($0), isCode: true)
        }
    }

    private func fact(_ label: String, _ text: String, href: String? = nil, isCode: Bool = false) -> PageValues {
        [
            "label": .text(label), "text": .text(text), "fact_href": .optional(href), "is_code": .flag(isCode),
            "iso": .absent,
        ]
    }

    private func fact(_ label: String, _ moment: Date?) -> PageValues? {
        moment.map { moment in
            [
                "label": .text(label), "text": .text(time.exact(moment)), "fact_href": .absent, "is_code": .flag(false),
                "iso": .text(Timestamp.text(moment)),
            ]
        }
    }
}
