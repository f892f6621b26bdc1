internal import CLibPQ

extension Session {
    /// Makes one round trip: everything is sent, one synchronisation point ends it, then the answers are read.
    ///
    /// - Parameters:
    ///   - steps: What to send.
    ///   - isCancellable: False for what must be done even when the caller's task is cancelled: cleaning up.
    /// - Returns: The results of the statements among the steps.
    /// - Throws: ``DatabaseError`` of the first that failed, or of a lost connection.
    func exchange(_ steps: [Step], isCancellable: Bool = true) throws(DatabaseError) -> [StatementResult] {
        let wasIdle = wire.transactionStatus == PQTRANS_IDLE
        var attempts = 0
        while true {
            attempts += 1
            let plan = try MessagePlan(steps, cache: &cache, isIdle: wasIdle, setUp: setUp)
            let answers = try converse(plan, wasIdle: wasIdle, isCancellable: isCancellable)
            guard let failure = answers.failure else { return answers.results }
            if answers.isSetUpFailure, let setUp { throw setUp.error(failure) }
            // A plan the server no longer accepts is no fault of the caller's: when nothing of this has stayed, it is
            // simply done again with a new plan.
            let isStale = failure.isStalePlan || failure.isUnknownStatement
            if isStale, wasIdle, plan.undoesItself, attempts == 1 {
                try rollback()
                continue
            }
            throw error(for: failure)
        }
    }

    private func converse(
        _ plan: MessagePlan, wasIdle: Bool, isCancellable: Bool
    ) throws(DatabaseError) -> Answers {
        guard !wire.isBroken else { throw DatabaseError(kind: .connection, message: "the connection was lost") }
        let cancellation = isCancellable ? cancellation : nil
        guard cancellation?.enter(wire.cancelHandle) ?? true else { throw DatabaseError.cancelled }
        defer { cancellation?.leave() }
        roundTrips += 1
        var answers = Answers()
        _ = wire.takeLocalCommit()
        do throws(DatabaseError) {
            for message in plan.messages { try send(message) }
            for message in plan.messages { try receive(message, into: &answers) }
            if wire.takeLocalCommit() { throw DatabaseError.notReplicated }
            return answers
        } catch {
            guard !error.isOutcomeUnknown else { throw error }
            // The server's own last words are better than what libpq found afterwards.
            let cause = answers.failure.map { DatabaseError($0) } ?? error
            throw mayHaveCommitted(plan, wasIdle: wasIdle) ? cause.withUnknownOutcome() : cause
        }
    }

    /// Whether a connection lost in the middle leaves it open what became of the work.
    private func mayHaveCommitted(_ plan: MessagePlan, wasIdle: Bool) -> Bool {
        let controls = plan.messages.compactMap { message in
            if case .control(let control) = message { control } else { nil }
        }
        if controls.contains(.commit) { return true }
        return wasIdle && controls.isEmpty
    }

    /// The error of a statement as the caller should see it; notes what it says about the connection.
    func error(for failure: ServerReport) -> DatabaseError {
        let error = DatabaseError(failure)
        // read_only_sql_transaction: perhaps the primary has become a standby. A new connection will find out.
        if failure.sqlState == "25006" { isUnwanted = true }
        return failure.sqlState == "57014" && cancellation?.isCancelled == true ? error.asCancelled() : error
    }

    private func send(_ message: Message) throws(DatabaseError) {
        let connection = wire.connection
        let isSent =
            switch message {
            case .sync:
                PQpipelineSync(connection)
            case .deallocate(let name):
                PQsendQueryParams(connection, "DEALLOCATE " + name, 0, nil, nil, nil, nil, 1)
            case .control(let control):
                PQsendQueryParams(connection, control.text, 0, nil, nil, nil, nil, 1)
            case .prepare(let key, let statement):
                PQsendPrepare(connection, statement.name, key.text, Int32(key.oids.count), key.oids)
            case .executePrepared(let sql, let statement):
                sendPrepared(sql, statement)
            case .execute(let sql), .setUp(let sql):
                sendUnprepared(sql)
            }
        guard isSent == 1 else { throw wire.lost() }
    }

    private func sendPrepared(_ sql: SQL, _ statement: PreparedStatement) -> Int32 {
        parameters.load(sql.parameters)
        return parameters.withPointers { values, lengths, formats in
            PQsendQueryPrepared(wire.connection, statement.name, parameters.count, values, lengths, formats, 1)
        }
    }

    private func sendUnprepared(_ sql: SQL) -> Int32 {
        parameters.load(sql.parameters)
        return parameters.withPointers { values, lengths, formats in
            PQsendQueryParams(
                wire.connection, sql.text, parameters.count, parameters.types, values, lengths, formats, 1)
        }
    }
}
