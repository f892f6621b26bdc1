import Database
import Foundation
import Testing

/// A rule of the queue that is left out, to see whether the random test notices.
///
/// It exists in these tests and nowhere else: a piece of a statement's text is replaced on its way to the database.
struct Weakness: Sendable, CustomTestStringConvertible {
    /// What is left out.
    let name: String
    /// The piece of text, as it stands in the statement.
    let original: String
    /// What stands there instead.
    let replacement: String
    /// Whether it takes several clients at once to notice.
    var needsRaces = false

    var testDescription: String { name }

    /// Weakens a statement; one without the piece stays as it is.
    func weaken(_ sql: SQL) -> SQL? {
        let text = Self.squeezed(sql.text)
        guard text.contains(Self.squeezed(original)) else { return nil }
        let weakened = text.replacing(Self.squeezed(original), with: replacement)
        // Bound values are put in again where their placeholders stand, in their order.
        var rebuilt: SQL = ""
        var rest = weakened[...]
        for (index, parameter) in sql.parameters.enumerated() {
            guard let place = rest.firstRange(of: "$\(index + 1)") else { return nil }
            let before = String(rest[..<place.lowerBound])
            rebuilt += "\(unsafeUnescaped: before)\(Bound(sqlParameter: parameter))"
            rest = rest[place.upperBound...]
        }
        return rebuilt + "\(unsafeUnescaped: String(rest))"
    }

    /// Without comments, and with one space for any white space: how a statement is indented is none of its rules.
    private static func squeezed(_ text: String) -> String {
        text.split(separator: "\n").map { line in
            line.prefix(upTo: line.firstRange(of: "--")?.lowerBound ?? line.endIndex)
        }
        .joined(separator: " ").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// A value that is bound already.
    private struct Bound: SQLEncodable {
        static let oid: UInt32 = 0
        let sqlParameter: SQLParameter
    }
}

extension Weakness {
    /// Each of these makes the random test fail.
    static let all: [Weakness] = ofLeases + ofKeys + ofLimits + ofBatches

    private static let ofLeases = [
        Weakness(
            name: "the fence does not ask for the lease's number",
            original: "(job_id, lease, worker_id) IN (SELECT job_id, lease, worker_id FROM asked)",
            replacement: "(job_id, worker_id) IN (SELECT job_id, worker_id FROM asked)"),
        Weakness(
            name: "the fence does not ask for the worker",
            original: "(job_id, lease, worker_id) IN (SELECT job_id, lease, worker_id FROM asked)",
            replacement: "(job_id, lease) IN (SELECT job_id, lease FROM asked)"),
        Weakness(
            name: "a finish does not take the lease away",
            original: """
                DELETE FROM queue.leases WHERE job_id = ANY (ARRAY(SELECT job_id FROM asked)) \
                AND ((job_id, lease, worker_id) IN (SELECT job_id, lease, worker_id FROM asked)) IS TRUE RETURNING *
                """,
            replacement: """
                SELECT * FROM queue.leases WHERE job_id = ANY (ARRAY(SELECT job_id FROM asked)) \
                AND ((job_id, lease, worker_id) IN (SELECT job_id, lease, worker_id FROM asked)) IS TRUE
                """),
        Weakness(
            name: "a rescue knows only whom it has just given up",
            original: "WHERE NOT EXISTS (SELECT FROM queue.workers w WHERE w.id = l.worker_id)",
            replacement: "WHERE l.worker_id IN (SELECT id FROM chaos.reaped)"),
        Weakness(
            name: "a rescue takes from the living",
            original: "WHERE NOT EXISTS (SELECT FROM queue.workers w WHERE w.id = l.worker_id)",
            replacement: "WHERE true"),
        Weakness(
            name: "a claim does not raise the lease's number", original: "seq, lease + 1, shard",
            replacement: "seq, lease, shard"),
        Weakness(
            name: "a lost worker counts as an attempt",
            original: "attempt - (on_lost <> 'attempt')::integer, crashes + 1", replacement: "attempt, crashes + 1"),
        Weakness(
            name: "a lost worker does not count as a crash",
            original: "attempt - (on_lost <> 'attempt')::integer, crashes + 1",
            replacement: "attempt - (on_lost <> 'attempt')::integer, crashes"),
        Weakness(
            name: "a job that was called off is put off all the same",
            original: "FROM gone WHERE cancel_requested_at IS NULL ), recorded", replacement: "FROM gone ), recorded"),
    ]

    private static let ofKeys = [
        Weakness(
            name: "an end leaves its unique key behind", original: "AND u.job_id = ended.job_id",
            replacement: "AND false"),
        Weakness(
            name: "whoever loses a unique key goes on without it",
            original: "ELSE queue.reserve_key(asked.kind, asked.unique_key, asked.id) END",
            replacement: "ELSE asked.id END"),
    ]

    private static let ofLimits = [
        Weakness(
            name: "an end keeps its slot", original: "unslotted AS (SELECT job_id, traits FROM gone)",
            replacement: "unslotted AS (SELECT job_id, traits FROM gone WHERE false)"),
        Weakness(
            name: "whoever is chosen runs, whatever the primary key says",
            original: "SELECT c.tid FROM chosen c JOIN given g USING (job_id)",
            replacement: "SELECT c.tid FROM chosen c",
            needsRaces: true),
        Weakness(
            name: "a job with a concurrency key runs at once",
            original: "WHEN concurrency_key IS NOT NULL THEN 'waiting'", replacement: "WHEN false THEN 'waiting'"),
        Weakness(
            name: "a job that is put aside keeps its slot", original: "WHERE a.traits & 2 <> 0",
            replacement: "WHERE false"),
        Weakness(
            name: "a claim does not ask what is paused", original: "WHERE (SELECT EXISTS (SELECT FROM queue.pauses))",
            replacement: "WHERE false"),
        Weakness(
            name: "a rate limit lets all go", original: "l.pace, l.burst, l.jobs) AS jobs",
            replacement: "l.pace, 1000000, l.jobs) AS jobs"),
        Weakness(
            name: "what a rate limit puts off goes all the same", original: "WHERE rank <= let_through",
            replacement: ""),
    ]

    private static let ofBatches = [
        Weakness(
            name: "the end of a batch's job is counted twice",
            original: """
                DELETE FROM queue.batch_ends WHERE ctid = ANY (ARRAY(SELECT tid FROM ends))
                RETURNING batch_id, 0 AS jobs, outcome
                """,
            replacement: """
                SELECT batch_id, 0 AS jobs, outcome FROM queue.batch_ends WHERE ctid = ANY (ARRAY(SELECT tid FROM ends))
                """),
        Weakness(
            name: "the end of a batch's job is not told", original: "WHERE e.traits & 8 <> 0",
            replacement: "WHERE false"),
        Weakness(
            name: "a job does not wait for all that it waits for",
            original: "FILTER (WHERE d.outcome IS DISTINCT FROM 'succeeded') = 0 AS is_free",
            replacement: ">= 0 AS is_free"),
        Weakness(
            name: "what waits for a cancelled job waits for ever",
            original: "coalesce(bool_or(d.outcome = 'cancelled'), false) AS is_cancelled",
            replacement: "false AS is_cancelled"),
    ]
}
