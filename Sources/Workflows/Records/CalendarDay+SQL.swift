public import Database
public import StateMachines

extension CalendarDay: SQLEncodable {
    /// PostgreSQL's `date`.
    public static var oid: UInt32 { 1082 }

    /// The day as `YYYY-MM-DD`.
    public var sqlParameter: SQLParameter { .text(description, oid: Self.oid) }
}

extension CalendarDay: SQLDecodable {
    /// Reads a `date`.
    ///
    /// - Throws: `DatabaseError` when the column is none.
    public init(sql column: SQLColumn) throws(DatabaseError) {
        // 2000-01-01 lies 10,957 days after 1970-01-01.
        self.init(daysSince1970: Int(try column.daysSince2000) + 10_957)
    }
}
