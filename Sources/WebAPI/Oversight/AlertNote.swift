import Database
public import Foundation
import StateMachines

/// That somebody has taken note of an alert: who, when, and what they said.
///
/// It lasts as long as the alert does. Alerts are worked out from what there is and have no beginning of their own, so
/// it is kept besides when the alert was there last: what began after that is another one.
public struct AlertNote: Sendable, Hashable {
    /// When.
    public var at: Date
    /// Who, as colleagues know the person.
    public var name: String
    /// What they said; nil when they said nothing.
    public var note: String?

    var json: JSONValue { .object(["at": .moment(at), "by": .string(name), "note": .text(note)]) }

    static let schema = Schema.object([
        .init("at", .moment), .init("by", .text()), .init("note", .optional(.text(1...500))),
    ])

    /// How often it is written down that an alert is still there.
    private static let rest: TimeInterval = 10

    /// One row of `alert_notes`.
    private struct Kept {
        let kind: String
        let subject: String
        let seenAt: Date
        /// The same as the database wrote it, to the microsecond.
        let seen: String
        let note: AlertNote

        init(row: Row) throws(DatabaseError) {
            (kind, subject) = (try row.value("kind"), try row.value("subject"))
            (seenAt, seen) = (try row.value("seen_at"), try row.value("seen"))
            note = AlertNote(
                at: try row.value("acknowledged_at"), name: try row.value("name"), note: try row.optional("note"))
        }

        func isAbout(_ alert: SystemAlert) -> Bool { alert.kind.rawValue == kind && alert.subject == subject }
    }

    /// Says of alerts who has taken note of them, and forgets the notes of those that are over.
    ///
    /// - Parameters:
    ///   - alerts: All that are there.
    ///   - now: The present.
    ///   - session: A session with the program's rights; a round trip, and another where a note is to be written anew.
    /// - Throws: `DatabaseError`.
    static func add(to alerts: inout [SystemAlert], now: Date, in session: Session) throws(DatabaseError) {
        let kept = try session.query(
            """
            SELECT n.kind, n.subject, n.acknowledged_at, n.note, n.seen_at, n.seen_at::text AS seen,
                   a.first_name || ' ' || a.last_name AS name
            FROM alert_notes n JOIN admins a ON a.id = n.acknowledged_by
            """
        ).map { row throws(DatabaseError) in try Kept(row: row) }
        var (over, present): ([Kept], [Kept]) = ([], [])
        for one in kept {
            guard let index = alerts.firstIndex(where: { one.isAbout($0) && $0.since <= one.seenAt }) else {
                over.append(one)
                continue
            }
            alerts[index].acknowledged = one.note
            if now.timeIntervalSince(one.seenAt) > Self.rest { present.append(one) }
        }
        var statements: [SQL] = []
        if !over.isEmpty {
            // By the moment too: what somebody has taken note of anew since this was read stays.
            statements.append(
                """
                DELETE FROM alert_notes n USING \(rows(over))
                WHERE (n.kind, n.subject, n.seen_at) = (a.kind, a.subject, a.seen::timestamptz)
                """)
        }
        if !present.isEmpty {
            statements.append(
                """
                UPDATE alert_notes n SET seen_at = \(now) FROM \(rows(present))
                WHERE (n.kind, n.subject, n.seen_at) = (a.kind, a.subject, a.seen::timestamptz)
                """)
        }
        if !statements.isEmpty { _ = try session.pipeline(statements) }
    }

    private static func rows(_ notes: [Kept]) -> SQL {
        """
        unnest(\(notes.map(\.kind))::text[], \(notes.map(\.subject))::text[], \(notes.map(\.seen))::text[])
            AS a (kind, subject, seen)
        """
    }

    /// Keeps that somebody has taken note; whoever was first stays.
    ///
    /// - Returns: A statement giving a row when it was not kept before.
    static func keep(_ alert: SystemAlert, by admin: UUID, note: String?, now: Date) -> SQL {
        """
        INSERT INTO alert_notes (kind, subject, acknowledged_at, acknowledged_by, note, seen_at)
        VALUES (\(alert.kind.rawValue), \(alert.subject), \(now), \(admin), \(note), \(max(now, alert.since)))
        ON CONFLICT (kind, subject) DO NOTHING
        RETURNING kind
        """
    }
}
