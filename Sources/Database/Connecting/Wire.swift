internal import CLibPQ
internal import Glibc

/// One libpq connection, non-blocking and in pipeline mode.
///
/// Reading and writing happen in one `poll` loop: in blocking mode a long pipeline stops for ever once both sides wait
/// for the other to read. Not `Sendable`; it stays on its connection's thread.
final class Wire {
    let connection: OpaquePointer
    let cancelHandle: CancelHandle
    private let notices: NoticeFlag
    /// Set when the connection can serve no further statement.
    private(set) var isBroken = false

    /// Takes over a connection that has been made and set up.
    init(adopting connection: OpaquePointer, notices: NoticeFlag) {
        self.connection = connection
        self.notices = notices
        cancelHandle = CancelHandle(connection: connection)
    }

    deinit { PQfinish(connection) }

    var transactionStatus: PGTransactionStatusType { PQtransactionStatus(connection) }

    func markBroken() { isBroken = true }

    /// Whether, since the last time this was asked, a commit ended without having reached the synchronous standby.
    func takeLocalCommit() -> Bool { notices.takeLocalCommit() }

    /// The next result, or nil at the end of one statement's results.
    func nextResult() throws(DatabaseError) -> OpaquePointer? {
        while PQisBusy(connection) == 1 { try exchangeBytes() }
        return PQgetResult(connection)
    }

    /// Sends what waits to be sent, waits until something can be done, and takes in what has come.
    func exchangeBytes() throws(DatabaseError) {
        let flushed = PQflush(connection)
        let socket = PQsocket(connection)
        guard flushed >= 0, socket >= 0 else { throw lost() }
        var descriptor = pollfd(fd: socket, events: Int16(POLLIN | (flushed == 1 ? POLLOUT : 0)), revents: 0)
        guard poll(&descriptor, 1, -1) >= 0 || errno == EINTR else { throw lost() }
        if Int32(descriptor.revents) & ~POLLOUT != 0, PQconsumeInput(connection) == 0 { throw lost() }
    }

    /// Sends everything that waits to be sent.
    func flush() throws(DatabaseError) {
        while true {
            switch PQflush(connection) {
            case 0: return
            case 1: try exchangeBytes()
            default: throw lost()
            }
        }
    }

    /// Asks the server for a sign of life: one round trip.
    func ping() throws(DatabaseError) {
        guard PQpipelineSync(connection) == 1 else { throw lost() }
        let answer = try nextResult()
        defer { PQclear(answer) }
        // Anything else is the server's farewell, or belongs to somebody else's statement.
        guard PQresultStatus(answer) == PGRES_PIPELINE_SYNC else { throw lost() }
    }

    /// Whether the connection still stands as far as this side has heard, without asking the server.
    func hasNotHungUp() -> Bool {
        guard !isBroken, PQstatus(connection) == CONNECTION_OK else { return false }
        var descriptor = pollfd(fd: PQsocket(connection), events: Int16(POLLIN), revents: 0)
        while poll(&descriptor, 1, 0) > 0 {
            guard PQconsumeInput(connection) == 1 else { return false }
            _ = PQisBusy(connection)  // parses, so that a farewell reaches the notice receiver
            while let notification = PQnotifies(connection) { PQfreemem(notification) }
            if notices.sawFarewell { return false }
        }
        return true
    }

    /// Leaves pipeline mode for what does not work in it: COPY and scripts of several statements.
    func withoutPipeline<Value>(_ body: () throws(DatabaseError) -> Value) throws(DatabaseError) -> Value {
        guard PQexitPipelineMode(connection) == 1 else { throw lost() }
        defer { if PQenterPipelineMode(connection) != 1 { isBroken = true } }
        return try body()
    }

    /// Notes that the connection is gone, and says so as far as libpq knows why.
    func lost() -> DatabaseError {
        isBroken = true
        return DatabaseError(kind: .connection, message: Self.message(connection))
    }

    /// libpq's message, on one line.
    static func message(_ connection: OpaquePointer) -> String {
        let text = PQerrorMessage(connection).map { String(cString: $0) } ?? ""
        let lines = text.split(whereSeparator: \.isNewline).map { $0.drop(while: \.isWhitespace) }
        return lines.isEmpty ? "the connection was lost" : lines.joined(separator: "; ")
    }
}

/// Swallows notices (libpq would print them, values and all) and listens for two among them: a farewell of the server,
/// which is how an error that comes between two statements arrives, and a commit that did not wait for its standby.
final class NoticeFlag {
    private(set) var sawFarewell = false
    private var sawLocalCommit = false

    func takeLocalCommit() -> Bool {
        defer { sawLocalCommit = false }
        return sawLocalCommit
    }

    func install(on connection: OpaquePointer) {
        let receiver: PQnoticeReceiver = { context, result in
            guard let context, let state = PQresultErrorField(result, ServerReport.Field.sqlState) else { return }
            let flag = Unmanaged<NoticeFlag>.fromOpaque(context).takeUnretainedValue()
            if String(cString: state).hasPrefix("57P") { flag.sawFarewell = true }
            // The warning has no code of its own; the function that gives it gives no other.
            guard let function = PQresultErrorField(result, ServerReport.Field.function) else { return }
            if String(cString: function) == "SyncRepWaitForLSN" { flag.sawLocalCommit = true }
        }
        // Unretained: the wire owns both and finishes the connection before it lets go of the flag.
        _ = PQsetNoticeReceiver(connection, receiver, Unmanaged.passUnretained(self).toOpaque())
    }
}
