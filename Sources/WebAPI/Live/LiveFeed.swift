public import Database
import Jobs

/// How changes get from the transactions that make them to the processes that tell of them.
///
/// Source: `docs/live.md`.
public enum LiveFeed {
    /// The channel on which processes are told that changes were numbered, or whose session was taken back.
    static let channel = "drizzl_live"

    /// Numbers what has been committed, and notifies every process if there was any.
    static let number: SQL = "SELECT live_number()"

    /// Makes what a process calls after each commit, as often as it likes: at most one statement leaves in 20 ms.
    ///
    /// Without it changes are numbered by whoever listens, a quarter of a second later.
    ///
    /// - Parameter pool: Where a connection is taken from.
    /// - Returns: What to call; it returns at once.
    public static func waker(pool: Pool) -> @Sendable () -> Void {
        // Lost with the connection: whoever listens looks by itself.
        let waker = QueueWaker { _ in _ = try? await pool.query(number) }
        return { waker.wake([channel]) }
    }
}
