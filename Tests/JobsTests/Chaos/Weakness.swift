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
        text.split(separator: "\n").map { line in line.prefix(upTo: line.firstRange(of: "--")?.lowerBound ?? line.endIndex) }
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
    static let all: [Weakness] = [
        Weakness(
            name: "the fence does not ask for the lease's number", original: "AND leases.lease = asked.lease",
            replacement: ""),
        Weakness(
            name: "the fence does not ask for the worker", original: "AND leases.worker_id = asked.worker_id",
            replacement: ""),
        Weakness(
            name: "a finish does not take the lease away",
            original: "DELETE FROM queue.leases WHERE ctid = ANY (ARRAY(SELECT tid FROM held)) RETURNING *",
            replacement: "SELECT * FROM queue.leases WHERE ctid = ANY (ARRAY(SELECT tid FROM held))"),
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
            name: "an end leaves its unique key behind", original: "AND u.job_id = ended.job_id",
            replacement: "AND false"),
        Weakness(
            name: "whoever loses a unique key goes on without it",
            original: "ELSE queue.reserve_key(asked.kind, asked.unique_key, asked.id) END",
            replacement: "ELSE asked.id END"),
        Weakness(
            name: "a lost worker counts as an attempt", original: "attempt - 1, crashes + 1, queue",
            replacement: "attempt, crashes + 1, queue"),
        Weakness(
            name: "a lost worker does not count as a crash", original: "attempt - 1, crashes + 1, queue",
            replacement: "attempt - 1, crashes, queue"),
    ]
}
