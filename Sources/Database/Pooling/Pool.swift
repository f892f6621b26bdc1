internal import Synchronization

/// Connections to one database, lent out one call at a time.
///
/// Connections are made when first needed, up to the configured number; beyond that callers wait in line, first come
/// first served, for at most ``DatabaseConfiguration/acquireTimeout``. A connection that was lost is replaced on its next use, so after a restart of the server the next
/// call works.
///
/// When the calling task is cancelled, it stops waiting, or its running statement is cancelled on the server; the
/// error is of kind `cancelled` and the connection can be used again.
public final class Pool: Sendable {
    private let configuration: DatabaseConfiguration
    private let state: Mutex<PoolState>

    /// Makes a pool; nothing is connected yet.
    public init(_ configuration: DatabaseConfiguration) {
        self.configuration = configuration
        state = Mutex(PoolState(limit: configuration.maximumConnections))
    }

    /// How busy the pool is, for health pages and metrics.
    public var usage: PoolUsage { state.withLock(\.usage) }

    /// Lends a session to `body`, which runs on the connection's own thread in one hop.
    ///
    /// - Parameter body: What to do; it blocks that thread and nothing else. It may run a transaction; one that it
    ///   leaves open is rolled back, whether it returns or throws.
    /// - Returns: What the body returns.
    /// - Throws: What the body throws, or ``DatabaseError`` when there is no connection or the task is cancelled.
    public func run<Value: Sendable>(_ body: @Sendable (Session) throws -> Value) async throws -> Value {
        let cancellation = Cancellation()
        return try await withTaskCancellationHandler {
            let connection = try await acquire()
            do {
                let value = try await connection.run(cancellation, body)
                await giveBack(connection)
                return value
            } catch {
                await giveBack(connection)
                throw error
            }
        } onCancel: {
            cancellation.cancel()
        }
    }

    /// Runs `body` in a transaction: committed when it returns, rolled back when it throws.
    ///
    /// Three round trips beside those of the body; `begin(with:)` and `commit(with:)` inside ``run(_:)`` take two in
    /// all.
    ///
    /// - Parameter body: What to do in the transaction.
    /// - Returns: What the body returns.
    /// - Throws: What the body throws, or ``DatabaseError`` of the commit.
    public func transaction<Value: Sendable>(_ body: @Sendable (Session) throws -> Value) async throws -> Value {
        try await run { session in
            try session.begin()
            let value = try body(session)
            if session.isInTransaction || !session.isReusable { try session.commit() }
            return value
        }
    }

    /// Runs one statement for its rows, outside any transaction.
    public func query(_ sql: SQL) async throws -> [Row] {
        try await run { session in try session.query(sql) }
    }

    /// Listens at the database that this pool leads to, over a connection of its own; see the function of this name.
    ///
    /// - Parameter channels: The channels, exactly as they are notified.
    /// - Returns: A stream without end, for one reader.
    public func notifications(of channels: [String]) -> AsyncStream<DatabaseNotification> {
        Database.notifications(configuration, channels: channels)
    }

    /// Refuses new work, turns away who waits, and closes the connections; those in use when they come back.
    ///
    /// Returns when all are closed. May be called twice.
    public func close() async {
        let leaving = state.withLock { $0.close() }
        for waiter in leaving.waiters { waiter.continuation.resume(throwing: Self.closedError) }
        for connection in leaving.idle { await connection.close() }
        countClosed(leaving.idle.count)
        await withCheckedContinuation { continuation in
            let mustWait = state.withLock { $0.awaitClosed(continuation) }
            if !mustWait { continuation.resume() }
        }
    }

    private static var closedError: DatabaseError {
        DatabaseError(kind: .connection, message: "the pool is closed", isRetryable: false)
    }

    private func lateError() -> DatabaseError {
        let (usage, limit) = (usage, configuration.acquireTimeout)
        return DatabaseError(
            kind: .connection,
            message: """
                no connection came free within \(limit); \(usage.inUse) are in use and \(usage.waiting) others wait: \
                the database is slow or away, or DRIZZL_DATABASE_CONNECTIONS is too small
                """)
    }

    /// Turns away who has waited too long, for as long as somebody waits.
    private func watch() async {
        var next: ContinuousClock.Instant? = .now
        while let instant = next {
            try? await Task.sleep(until: instant, clock: .continuous)
            let (late, following) = state.withLock { $0.expire(at: .now) }
            if !late.isEmpty {
                let error = lateError()
                for waiter in late { waiter.continuation.resume(throwing: error) }
            }
            next = following
        }
    }

    private func acquire() async throws -> Connection {
        guard !Task.isCancelled else { throw DatabaseError.cancelled }
        let id = state.withLock { $0.makeTicket() }
        let limit = configuration.acquireTimeout
        let deadline = limit > .zero ? ContinuousClock.now + limit : nil
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                var mustWatch = false
                let now = state.withLock { state -> Result<Connection, DatabaseError>? in
                    // The handler below may have run already and found nobody; asking under the lock closes that gap.
                    guard !Task.isCancelled else { return .failure(.cancelled) }
                    switch state.acquire(make: { Connection(configuration: configuration) }) {
                    case .take(let connection): return .success(connection)
                    case .closed: return .failure(Self.closedError)
                    case .wait:
                        mustWatch = state.enqueue(.init(id: id, deadline: deadline, continuation: continuation))
                        return nil
                    }
                }
                if mustWatch { Task { await watch() } }
                if let now { continuation.resume(with: now.mapError { $0 as any Error }) }
            }
        } onCancel: {
            let waiter = state.withLock { $0.remove(id) }
            waiter?.continuation.resume(throwing: DatabaseError.cancelled)
        }
    }

    private func giveBack(_ connection: Connection) async {
        switch state.withLock({ $0.giveBack(connection) }) {
        case .handOver(let waiter): waiter.continuation.resume(returning: connection)
        case .keep: break
        case .close:
            await connection.close()
            countClosed(1)
        }
    }

    private func countClosed(_ count: Int) {
        for continuation in state.withLock({ $0.closed(count) }) { continuation.resume() }
    }
}
