/// What every transaction begins with when a pooler may give it any of the server's connections.
///
/// It ends with the transaction, so nothing of it reaches whoever is given the connection next.
struct TransactionSetUp {
    let role: String?
    let sql: SQL

    /// Nothing when connections are our own: then the session was set up when it was connected.
    init?(_ configuration: DatabaseConfiguration) {
        guard configuration.pooler == .transaction else { return nil }
        role = configuration.role
        let settings: SQL = """
            SELECT set_config('TimeZone', 'UTC', true), set_config('client_min_messages', 'warning', true),
                   set_config('statement_timeout', \(String(configuration.statementTimeout.wholeMilliseconds)), true),
                   set_config('jit', 'off', true)
            """
        sql = configuration.role.map { settings + ", set_config('role', \($0), true)" } ?? settings
    }

    /// Whether these steps, which begin a transaction or are one, need it.
    ///
    /// A statement without a plan that stands alone may be one that takes no transaction around it, like `VACUUM`. It
    /// is sent alone, unless it would then run with more rights than the role has.
    func isNeeded(for steps: [Step]) -> Bool {
        guard role == nil, steps.count == 1, case .statement(let sql)? = steps.first else { return true }
        return SQLKeyword.isPlanned(SQLKeyword.first(of: sql.text))
    }

    /// Why the transaction could not be set up.
    func error(_ report: ServerReport) -> DatabaseError {
        let error = DatabaseError(report)
        guard let role, error.kind == .other else { return error }
        return DatabaseError(
            kind: .other, sqlState: report.sqlState, message: "the role \"\(role)\" cannot be taken on")
    }
}
