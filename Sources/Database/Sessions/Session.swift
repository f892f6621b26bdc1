internal import CLibPQ

/// A connection in use, lent by a pool for the length of one call.
///
/// Its methods block and are synchronous: they run on the connection's own thread, and nothing else can come between
/// two of them. So a transaction is plain code, and cannot wait for anything but the database.
///
/// Statements that have a plan (`SELECT`, `INSERT`, `UPDATE`, `DELETE`, `WITH`, `VALUES`, `MERGE`) are prepared by
/// themselves, in the same round trip as their first use, and kept by their text. What a body changes in the session
/// (`SET`, temporary tables, session locks) stays on the connection, and behind a pooler on somebody else's: use
/// `SET LOCAL` and transaction locks.
public final class Session {
    let wire: Wire
    var cache = StatementCache()
    var parameters = ParameterBuffer()
    /// Where the cancelling of the caller's task arrives, while a pool lends this session.
    var cancellation: Cancellation?
    var savepoints = 0
    /// What each transaction begins with; nothing when the session was set up once for all.
    let setUp: TransactionSetUp?
    /// Set when the connection still works but should not be kept: it leads to a server that no longer takes writes.
    var isUnwanted = false

    /// How often this session has waited for the server since it was opened.
    public internal(set) var roundTrips = 0

    init(wire: Wire, setUp: TransactionSetUp? = nil) {
        self.wire = wire
        self.setUp = setUp
    }

    /// Whether a transaction is open, failed or not.
    public var isInTransaction: Bool {
        switch wire.transactionStatus {
        case PQTRANS_INTRANS, PQTRANS_INERROR: true
        default: false
        }
    }

    /// Whether the pool may lend this session again.
    var isReusable: Bool { !wire.isBroken && !isUnwanted && wire.transactionStatus == PQTRANS_IDLE }

    /// Runs one statement: one round trip.
    ///
    /// - Parameter sql: The statement; outside a transaction it is one by itself.
    /// - Returns: Its rows and how many were affected.
    /// - Throws: ``DatabaseError``; a transaction in which the server refused something can only be rolled back.
    @discardableResult
    public func execute(_ sql: SQL) throws(DatabaseError) -> StatementResult {
        let results = try exchange([.statement(sql)])
        guard let result = results.first else { throw DatabaseError.misuse("a statement gave no result") }
        return result
    }

    /// Runs one statement for its rows: one round trip.
    public func query(_ sql: SQL) throws(DatabaseError) -> [Row] {
        try execute(sql).rows
    }

    /// Runs one statement for its first row, nil when it has none: one round trip.
    public func first(_ sql: SQL) throws(DatabaseError) -> Row? {
        try execute(sql).rows.first
    }

    /// Runs statements in order in one round trip, however many there are.
    ///
    /// Outside a transaction they are one together: all take effect or none.
    ///
    /// - Parameter statements: The statements. None can use what another returns.
    /// - Returns: A result for each, in their order.
    /// - Throws: ``DatabaseError`` of the first statement that failed; those after it did not run.
    @discardableResult
    public func pipeline(_ statements: [SQL]) throws(DatabaseError) -> [StatementResult] {
        guard !statements.isEmpty else { return [] }
        return try exchange(statements.map { .statement($0) })
    }
}
