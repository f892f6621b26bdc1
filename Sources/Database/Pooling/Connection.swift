/// A place in the pool: a thread, and a session on it when there is one.
///
/// The place outlives its session. When the server goes away the session is dropped, and the next use makes a new one
/// on the same thread.
actor Connection {
    /// After so long in the pool a session is asked for a sign of life before it is lent: a firewall may have dropped
    /// it without a word.
    private static let trustedIdleTime = Duration.seconds(30)

    nonisolated private let executor: ThreadExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let configuration: DatabaseConfiguration
    private var session: Session?
    private var lastUse = ContinuousClock.now

    init(configuration: DatabaseConfiguration) {
        self.configuration = configuration
        executor = ThreadExecutor(name: "postgres")
    }

    deinit { executor.stop() }

    /// Lends the session to `body`, connecting first if need be, and tidies up after it.
    func run<Value: Sendable>(
        _ cancellation: Cancellation, _ body: @Sendable (Session) throws -> Value
    ) throws -> Value {
        guard !cancellation.isCancelled else { throw DatabaseError.cancelled }
        let session = try liveSession()
        session.cancellation = cancellation
        defer { takeBack(session) }
        return try body(session)
    }

    /// Closes the session, if there is one.
    func close() {
        session = nil
    }

    private func liveSession() throws(DatabaseError) -> Session {
        if let session, isAlive(session) { return session }
        session = nil
        let fresh = Session(
            wire: try Wire.connect(configuration), setUp: TransactionSetUp(configuration))
        session = fresh
        return fresh
    }

    private func isAlive(_ session: Session) -> Bool {
        guard session.wire.hasNotHungUp() else { return false }
        guard lastUse.duration(to: .now) > Self.trustedIdleTime else { return true }
        do { try session.wire.ping() } catch { return false }
        return true
    }

    /// Rolls back what the body left open, and drops a session that is of no more use.
    private func takeBack(_ session: Session) {
        session.cancellation = nil
        do { try session.rollback() } catch { session.wire.markBroken() }
        lastUse = .now
        if !session.isReusable { self.session = nil }
    }
}
