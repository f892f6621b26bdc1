internal import CLibPQ

extension Session {
    /// Reads the answer to one message of a pipeline.
    func receive(_ message: Message, into answers: inout Answers) throws(DatabaseError) {
        if case .sync = message {
            guard let result = try wire.nextResult() else { throw wire.lost() }
            defer { PQclear(result) }
            guard PQresultStatus(result) == PGRES_PIPELINE_SYNC else { throw outOfStep(result) }
            return
        }
        while let result = try wire.nextResult() {
            var isKept = false
            defer { if !isKept { PQclear(result) } }
            switch PQresultStatus(result) {
            case PGRES_PIPELINE_ABORTED:
                continue
            case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
                isKept = accept(result, for: message, into: &answers)
            default:
                guard let report = ServerReport(result) else { throw outOfStep(result) }
                refuse(report, for: message, into: &answers)
            }
        }
    }

    /// Takes in a result; true when it is kept and freed with its rows.
    private func accept(_ result: OpaquePointer, for message: Message, into answers: inout Answers) -> Bool {
        switch message {
        case .prepare(let key, let statement):
            cache.insert(statement, for: key)
            return false
        case .execute:
            return append(result, RowLayout(result: result), to: &answers)
        case .executePrepared(_, let statement):
            let known = statement.layout.flatMap { $0.fits(result) ? $0 : nil }
            let layout = known ?? RowLayout(result: result)
            statement.layout = layout
            return append(result, layout, to: &answers)
        case .deallocate, .control, .setUp, .sync:
            return false
        }
    }

    private func append(_ result: OpaquePointer, _ layout: RowLayout, to answers: inout Answers) -> Bool {
        let affected = PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0
        let count = PQntuples(result)
        guard count > 0 else {
            answers.results.append(StatementResult(rows: [], affectedRows: affected))
            return false
        }
        let storage = ResultStorage(result: result, layout: layout)
        let rows = (0..<count).map { Row(storage: storage, index: $0) }
        answers.results.append(StatementResult(rows: rows, affectedRows: affected))
        return true
    }

    /// Notes the first failure, which is the cause of all others, and drops plans that have become useless.
    private func refuse(_ report: ServerReport, for message: Message, into answers: inout Answers) {
        if case .deallocate = message { return }
        if answers.failure == nil {
            answers.failure = report
            if case .setUp = message { answers.isSetUpFailure = true }
        }
        if report.isUnknownStatement { cache.forgetAll() }
        if report.isStalePlan, case .executePrepared(_, let statement) = message { cache.forget(statement) }
    }

    /// The answers do not match what was sent (a COPY or a script inside a pipeline): nothing more can be trusted.
    private func outOfStep(_ result: OpaquePointer) -> DatabaseError {
        wire.markBroken()
        if let report = ServerReport(result) { return DatabaseError(report) }
        return DatabaseError(kind: .connection, message: "the connection fell out of step and was given up")
    }
}
