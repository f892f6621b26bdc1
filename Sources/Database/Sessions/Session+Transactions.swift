internal import CLibPQ

/// How far a transaction is kept from what others commit meanwhile.
public enum IsolationLevel: String, Sendable {
    /// Each statement sees what was committed before it began.
    case readCommitted = "READ COMMITTED"
    /// All statements see the same moment; a conflicting update fails with `serialization`.
    case repeatableRead = "REPEATABLE READ"
    /// As if transactions ran one after the other; any may fail with `serialization`.
    case serializable = "SERIALIZABLE"
}

extension Session {
    /// Begins a transaction and runs statements in it: one round trip for all.
    ///
    /// - Parameters:
    ///   - isolation: How far the transaction is kept from others.
    ///   - statements: What to run at once; lock and read here.
    /// - Returns: A result for each statement, in their order.
    /// - Throws: ``DatabaseError``; then no transaction is open.
    @discardableResult
    public func begin(
        _ isolation: IsolationLevel = .readCommitted, with statements: [SQL] = []
    ) throws(DatabaseError) -> [StatementResult] {
        guard !isInTransaction else { throw DatabaseError.misuse("a transaction is open already; use savepoint") }
        return try orRollBack { () throws(DatabaseError) in
            try exchange([.control(.begin(isolation))] + statements.map { .statement($0) })
        }
    }

    /// Runs statements and commits: one round trip for all.
    ///
    /// - Parameter statements: The last statements of the transaction; write here.
    /// - Returns: A result for each statement, in their order.
    /// - Throws: ``DatabaseError``; then everything is rolled back and no transaction is open, unless
    ///   ``DatabaseError/isOutcomeUnknown``.
    @discardableResult
    public func commit(with statements: [SQL] = []) throws(DatabaseError) -> [StatementResult] {
        switch wire.transactionStatus {
        case PQTRANS_INTRANS: break
        case PQTRANS_INERROR:
            // COMMIT would answer ROLLBACK without an error, and the caller would believe its work done.
            try rollback()
            throw DatabaseError(
                kind: .other, sqlState: "25P02", message: "the transaction had failed before and was rolled back")
        default:
            guard wire.isBroken else { throw DatabaseError.misuse("there is no transaction to commit") }
        }
        return try orRollBack { () throws(DatabaseError) in
            try exchange(statements.map { .statement($0) } + [.control(.commit)])
        }
    }

    /// Rolls the open transaction back; does nothing when there is none.
    ///
    /// Works in a cancelled task, too.
    public func rollback() throws(DatabaseError) {
        guard isInTransaction else { return }
        _ = try exchange([.control(.rollback)], isCancellable: false)
    }

    /// Runs a part of a transaction that may fail by itself: what it did is undone, the rest of the transaction stands.
    ///
    /// Two round trips beside those of the body.
    ///
    /// - Parameter body: What to do; savepoints may nest.
    /// - Returns: What the body returns.
    /// - Throws: What the body throws, after its changes were undone.
    @discardableResult
    public func savepoint<Value>(_ body: () throws -> Value) throws -> Value {
        savepoints += 1
        let name = "savepoint_\(savepoints)"
        defer { savepoints -= 1 }
        _ = try exchange([.control(.savepoint(name))])
        let value: Value
        do {
            value = try body()
        } catch {
            // The caller needs the cause. If this fails too, the transaction is lost and the next statement says so.
            _ = try? exchange([.control(.rollbackTo(name)), .control(.release(name))], isCancellable: false)
            throw error
        }
        _ = try exchange([.control(.release(name))])
        return value
    }

    private func orRollBack(
        _ body: () throws(DatabaseError) -> [StatementResult]
    ) throws(DatabaseError) -> [StatementResult] {
        do {
            return try body()
        } catch {
            // The first error is the cause; a connection on which even ROLLBACK fails is given up with its transaction.
            do { try rollback() } catch { wire.markBroken() }
            throw error
        }
    }
}
