public import StateMachines

/// A step of the reminder ladder.
///
/// Source: R-13.
public enum DunningStage: String, Sendable, CaseIterable {
    /// "Due soon".
    case dueSoon = "due_soon"
    /// Due today.
    case dueToday = "due_today"
    /// Overdue.
    case overdue1 = "overdue_1"
    /// The second reminder.
    case overdue7 = "overdue_7"
    /// The notice of a fee.
    case overdue15 = "overdue_15"
    /// New NET orders are held, and the rep is told.
    case overdue30 = "overdue_30"
    /// An admin looks whether to suspend.
    case overdue60 = "overdue_60"
    /// An admin looks whether to write off.
    case overdue90 = "overdue_90"

    /// Days from the due date; before it is negative.
    public var day: Int {
        switch self {
        case .dueSoon: -3
        case .dueToday: 0
        case .overdue1: 1
        case .overdue7: 7
        case .overdue15: 15
        case .overdue30: 30
        case .overdue60: 60
        case .overdue90: 90
        }
    }

    /// The day on which the reminder goes out.
    public func date(due: CalendarDay) -> CalendarDay { due.adding(days: day) }

    /// The stages of an invoice: terms that are shorter than three days are never "due soon".
    ///
    /// - Parameters:
    ///   - issuedOn: The day of issue.
    ///   - due: The due date.
    /// - Returns: The stages, in the order of time.
    public static func stages(issuedOn: CalendarDay, due: CalendarDay) -> [DunningStage] {
        allCases.filter { $0 == .dueToday || $0.day > 0 || $0.date(due: due) >= issuedOn }
    }
}
