internal import Database
internal import Foundation

extension JobFilter {
    /// What has to be true of what happened to a body `b` so far.
    var storyConditions: [SQL] {
        var conditions: [SQL] = []
        if let error {
            conditions.append(
                """
                (EXISTS (SELECT FROM queue.attempts a
                         WHERE a.job_id = b.id AND a.outcome NOT IN ('succeeded', 'cancelled', 'snoozed')
                           AND a.reason ILIKE \(Self.pattern(error)))
                 OR EXISTS (SELECT FROM queue.dead d WHERE d.job_id = b.id AND d.detail ILIKE \(Self.pattern(error))))
                """)
        }
        if let worker {
            conditions.append(
                """
                (EXISTS (SELECT FROM queue.attempts a WHERE a.job_id = b.id AND a.worker_id = \(worker))
                 OR EXISTS (SELECT FROM queue.leases l WHERE l.job_id = b.id AND l.worker_id = \(worker)))
                """)
        }
        if endedSince != nil || endedUntil != nil {
            conditions.append(
                """
                (EXISTS (SELECT FROM queue.attempts a
                         WHERE a.job_id = b.id AND a.outcome IN ('succeeded', 'cancelled') AND \(ended("a.finished_at"))
                           AND \(Queue.isNotTakenBack("a")))
                 OR EXISTS (SELECT FROM queue.dead d WHERE d.job_id = b.id AND \(ended("d.died_at"))))
                """)
        }
        if let untouchedSince {
            conditions.append(
                """
                NOT EXISTS (SELECT FROM queue.operations o
                            WHERE o.job_id = b.id AND o.at >= \(untouchedSince))
                """)
        }
        return conditions
    }

    private func ended(_ moment: SQL) -> SQL {
        var conditions: [SQL] = []
        if let endedSince { conditions.append("\(moment) >= \(endedSince)") }
        if let endedUntil { conditions.append("\(moment) < \(endedUntil)") }
        return conditions.joined(separator: " AND ")
    }

    /// What finds a text anywhere in another.
    private static func pattern(_ text: String) -> String {
        var pattern = text
        for special in ["\\", "%", "_"] { pattern = pattern.replacing(special, with: "\\" + special) }
        return "%" + pattern + "%"
    }
}
