internal import Synchronization

/// How busy one queue of this process is, and whether there may be more to fetch.
///
/// Shared by its fetcher and its jobs.
final class QueueGate: Sendable {
    private struct State {
        var running = 0
        var isWoken = false
        var prefetch = AdaptivePrefetch()
    }

    let bell = Bell()
    private let state = Mutex(State())

    var running: Int { state.withLock(\.running) }

    /// How many jobs to hold beside those that run.
    func prefetch(for served: WorkerSettings.Served) -> Int {
        state.withLock { $0.prefetch.count(for: served) }
    }

    func begin() {
        state.withLock { $0.running += 1 }
    }

    func end(after duration: Duration) {
        state.withLock { state in
            state.running -= 1
            state.prefetch.record(duration)
        }
        bell.ring()
    }

    /// Says that jobs may have come.
    func wake() {
        state.withLock { $0.isWoken = true }
        bell.ring()
    }

    /// Whether somebody said so since the last time this was asked.
    func takeWoken() -> Bool {
        state.withLock { state in
            defer { state.isWoken = false }
            return state.isWoken
        }
    }
}

/// How many jobs to fetch ahead: those that are begun soon, by how long jobs took lately.
///
/// A job that is fetched ahead of a slow one waits for it, although another process could do it.
struct AdaptivePrefetch: Sendable {
    private var averageSeconds: Double?

    mutating func record(_ duration: Duration) {
        let seconds = max(duration / .seconds(1), 1e-6)
        averageSeconds = averageSeconds.map { $0 * 0.9 + seconds * 0.1 } ?? seconds
    }

    func count(for served: WorkerSettings.Served) -> Int {
        guard let averageSeconds else { return 0 }
        let soon = Double(served.concurrency) * (served.prefetchTime / .seconds(1)) / averageSeconds
        return min(served.prefetchLimit, Int(min(soon, 1_000_000)))
    }
}
