public import StateMachines

/// How long invoices have been due, in the columns of a report.
///
/// Source: R-37.
public enum Ageing: String, Sendable, CaseIterable {
    /// Not past its due date.
    case current
    /// Up to a month.
    case days1to30 = "1-30"
    /// Up to two months.
    case days31to60 = "31-60"
    /// Up to three months.
    case days61to90 = "61-90"
    /// More than that.
    case days91 = "91+"

    /// The column of an invoice.
    public init(due: CalendarDay, on day: CalendarDay) {
        self =
            switch day.daysSince1970 - due.daysSince1970 {
            case ...0: .current
            case 1...30: .days1to30
            case 31...60: .days31to60
            case 61...90: .days61to90
            default: .days91
            }
    }
}
