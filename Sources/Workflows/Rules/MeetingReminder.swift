public import Foundation

/// When people are reminded of a meeting.
///
/// Source: R-23.
public enum MeetingReminder {
    /// How long before the meeting.
    public static let ahead: TimeInterval = 3_600
    /// How long before it a meeting must have been booked for a reminder to help.
    public static let shortestNotice: TimeInterval = 300

    /// The moment of the reminder; nil: none, for it was booked too late.
    public static func moment(start: Date, bookedAt: Date) -> Date? {
        guard start.timeIntervalSince(bookedAt) >= shortestNotice else { return nil }
        return max(start.addingTimeInterval(-ahead), bookedAt)
    }

    /// Whether a reminder still helps: the meeting has not begun, and it was not booked at the last moment.
    public static func stillHelps(start: Date, bookedAt: Date, now: Date) -> Bool {
        moment(start: start, bookedAt: bookedAt) != nil && now < start
    }
}
