public import Database
public import Foundation

/// The reminder of a meeting in the rep's portal (N-11).
public enum MeetingNotice {
    /// Writes it, once for each time that the meeting was given.
    ///
    /// - Parameters:
    ///   - meeting: The meeting.
    ///   - now: The present, UTC.
    ///   - session: The transaction.
    /// - Throws: `DatabaseError`.
    public static func write(_ meeting: Meeting, now: Date, in session: Session) throws {
        let when = meeting.startsAt?.printed(in: meeting.rep.zone) ?? ""
        let rest = [meeting.guest?.name, meeting.place].compactMap(\.self).joined(separator: ", ")
        let key = "meeting_reminder/activity/\(meeting.id.uuidString.lowercased())/\(meeting.version)"
        _ = try session.query(
            """
            WITH written AS (
                INSERT INTO notifications (id, recipient_kind, recipient_id, type, title, message, action_url,
                    related_type, related_id, dedupe_key, created_at)
                VALUES (\(UUID.v7()), 'sales_rep', \(meeting.repID), 'meeting_reminder', \("\(meeting.subject), \(when)"),
                    \(rest.isEmpty ? when : rest), \("/sales/activity/\(meeting.id.uuidString.lowercased())"), 'activity',
                    \(meeting.id), \(key), \(now))
                ON CONFLICT DO NOTHING
                RETURNING id
            )
            INSERT INTO notification_deliveries (id, notification_id, channel, state, sent_at)
            SELECT gen_random_uuid(), id, 'in_app', 'sent', \(now)::timestamptz FROM written
            """)
    }
}
