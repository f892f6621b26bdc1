public import StateMachines

extension CalendarDay {
    /// The day as documents and letters print it: `December 2, 2026`.
    public var printed: String {
        let months = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December",
        ]
        let (year, month, day) = parts
        return "\(months[month - 1]) \(day), \(year)"
    }
}
