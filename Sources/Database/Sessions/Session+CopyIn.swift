internal import CLibPQ

extension Session {
    /// Writes many rows at once by COPY, the fastest way in: two waits for the server, however many rows.
    ///
    /// Values are sent as text, so each has only to be readable as the column's type. `NULL` is nil.
    ///
    /// - Parameters:
    ///   - table: The table, with its schema in front if it needs one (`queue.jobs`).
    ///   - columns: The columns that each row fills, in order; others get their defaults.
    ///   - rows: The rows; each must have a value for each column.
    /// - Returns: How many rows were written.
    /// - Throws: ``DatabaseError``; then none of the rows was written.
    @discardableResult
    public func copyIn(
        table: String, columns: [String], rows: some Sequence<[(any SQLEncodable)?]>
    ) throws -> Int {
        var iterator = rows.makeIterator()
        return try copyIn(table: table, columns: columns) { iterator.next() }
    }

    /// Writes rows by COPY as they are made.
    ///
    /// - Parameters:
    ///   - table: The table, with its schema in front if it needs one.
    ///   - columns: The columns that each row fills, in order.
    ///   - nextRow: Makes the next row, nil at the end. When it throws, none of the rows is written.
    /// - Returns: How many rows were written.
    /// - Throws: ``DatabaseError``, or what `nextRow` throws; then none of the rows was written.
    @discardableResult
    public func copyIn(
        table: String, columns: [String], nextRow: () throws -> [(any SQLEncodable)?]?
    ) throws -> Int {
        guard setUp == nil || isInTransaction else {
            return try copyInTransaction(table: table, columns: columns, nextRow: nextRow)
        }
        let list = columns.map(SQLIdentifier.quote).joined(separator: ", ")
        let text = "COPY \(SQLIdentifier.quoteQualified(table)) (\(list)) FROM STDIN"
        var cause: (any Error)?
        let result = try blocking { () throws(DatabaseError) in
            try startCopy(text)
            do {
                try sendRows(width: columns.count, nextRow)
            } catch {
                cause = error
            }
            return try finishCopy(isAborted: cause != nil)
        }
        if let cause { throw cause }
        return try count(result)
    }

    /// Puts a transaction around COPY when it needs one to be set up.
    private func copyInTransaction(
        table: String, columns: [String], nextRow: () throws -> [(any SQLEncodable)?]?
    ) throws -> Int {
        try begin()
        do {
            let count = try copyIn(table: table, columns: columns, nextRow: nextRow)
            try commit()
            return count
        } catch {
            // The first error is the cause; a session on which this fails too is given up when it is taken back.
            try? rollback()
            throw error
        }
    }

    private func count(_ result: Result<Int, CopyRefusal>) throws(DatabaseError) -> Int {
        switch result {
        case .success(let count):
            return count
        case .failure(let refusal):
            throw error(for: refusal.report)
        }
    }

    private struct CopyRefusal: Error { let report: ServerReport }

    private func startCopy(_ text: String) throws(DatabaseError) {
        guard PQsendQuery(wire.connection, text) == 1, let result = try wire.nextResult() else { throw wire.lost() }
        defer { PQclear(result) }
        guard PQresultStatus(result) != PGRES_COPY_IN else { return }
        let report = ServerReport(result)
        _ = try drain()
        throw report.map { DatabaseError($0) } ?? DatabaseError.misuse("the server did not begin to COPY")
    }

    private func sendRows(width: Int, _ nextRow: () throws -> [(any SQLEncodable)?]?) throws {
        var text = CopyText()
        while let row = try nextRow() {
            guard row.count == width else {
                throw DatabaseError.misuse("a row for COPY has \(row.count) values instead of \(width)")
            }
            try text.append(row)
            if text.bytes.count >= 1 << 16 { try put(&text) }
        }
        try put(&text)
    }

    private func put(_ text: inout CopyText) throws(DatabaseError) {
        let isPut = text.bytes.withUnsafeBytes { buffer in
            PQputCopyData(wire.connection, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(buffer.count))
        }
        text.removeAll()
        guard isPut == 1 else { throw wire.lost() }
        try wire.flush()
    }

    private func finishCopy(isAborted: Bool) throws(DatabaseError) -> Result<Int, CopyRefusal> {
        let reason: String? = isAborted ? "the rows ended in an error" : nil
        roundTrips += 1
        guard PQputCopyEnd(wire.connection, reason) == 1 else { throw wire.lost() }
        try wire.flush()
        var count = 0
        var failure: ServerReport?
        while let result = try wire.nextResult() {
            defer { PQclear(result) }
            failure = failure ?? ServerReport(result)
            count = PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? count
        }
        return failure.map { .failure(CopyRefusal(report: $0)) } ?? .success(count)
    }
}
