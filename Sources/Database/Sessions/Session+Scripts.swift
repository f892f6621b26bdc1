internal import CLibPQ

/// Why a script of several statements stopped.
struct ScriptFailure: Error {
    let error: DatabaseError
    /// The line of the script, from 1, when the server could name it.
    let line: Int?
}

extension Session {
    /// Runs a text of several statements, as in a migration or a seed file.
    ///
    /// Nothing can be bound to it, so it must come from the program's own files. Outside a transaction the statements
    /// are one together, unless the text begins and commits by itself.
    ///
    /// - Parameter text: The statements, separated by semicolons.
    /// - Throws: ``DatabaseError`` of the first statement that failed.
    public func executeScript(unsafeUnescaped text: String) throws(DatabaseError) {
        do { try runScript(text) } catch { throw error.error }
    }

    func runScript(_ text: String) throws(ScriptFailure) {
        let failure: ServerReport?
        do throws(DatabaseError) {
            try SQL(stringLiteral: text).checkSendable()
            // The script would run with the login's rights.
            guard setUp?.role == nil || isInTransaction else {
                throw DatabaseError.misuse("behind a pooler a script needs a transaction around it")
            }
            failure = try blocking { () throws(DatabaseError) in try sendScript(text) }
        } catch {
            throw ScriptFailure(error: error, line: nil)
        }
        guard let failure else { return }
        throw ScriptFailure(error: error(for: failure), line: failure.position.map { line(at: $0, in: text) })
    }

    /// Runs something outside pipeline mode, where it can be cancelled like any statement.
    func blocking<Value>(_ body: () throws(DatabaseError) -> Value) throws(DatabaseError) -> Value {
        guard !wire.isBroken else { throw DatabaseError(kind: .connection, message: "the connection was lost") }
        guard cancellation?.enter(wire.cancelHandle) ?? true else { throw DatabaseError.cancelled }
        defer { cancellation?.leave() }
        roundTrips += 1
        _ = wire.takeLocalCommit()
        let value = try wire.withoutPipeline(body)
        if wire.takeLocalCommit() { throw DatabaseError.notReplicated }
        return value
    }

    private func sendScript(_ text: String) throws(DatabaseError) -> ServerReport? {
        guard PQsendQuery(wire.connection, text) == 1 else { throw wire.lost() }
        return try drain()
    }

    /// Reads all results of what was sent outside pipeline mode; the first failure among them, if any.
    func drain() throws(DatabaseError) -> ServerReport? {
        var failure: ServerReport?
        while let result = try wire.nextResult() {
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
                wire.markBroken()
                throw DatabaseError.misuse("a script may not contain COPY; use copyIn")
            default:
                failure = failure ?? ServerReport(result)
            }
        }
        return failure
    }

    private func line(at position: Int, in text: String) -> Int {
        1 + text.unicodeScalars.prefix(max(0, position - 1)).count { $0 == "\n" }
    }
}
