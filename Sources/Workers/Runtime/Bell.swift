internal import Synchronization

/// Wakes one waiter.
///
/// A ring that finds nobody waiting is kept for the next wait; several are one.
final class Bell: Sendable {
    private struct State {
        var hasRung = false
        var waiter: CheckedContinuation<Bool, Never>?
        var timer: Task<Void, Never>?
        var wait = 0
    }

    private let state = Mutex(State())

    func ring() {
        let (waiter, timer) = state.withLock { state -> (CheckedContinuation<Bool, Never>?, Task<Void, Never>?) in
            state.hasRung = state.waiter == nil
            defer { (state.waiter, state.timer) = (nil, nil) }
            return (state.waiter, state.timer)
        }
        timer?.cancel()
        waiter?.resume(returning: true)
    }

    /// Waits for a ring, but no longer than `limit`.
    ///
    /// For one task at a time.
    ///
    /// - Parameter limit: How long to wait.
    /// - Returns: Whether it rang.
    @discardableResult
    func wait(atMost limit: Duration) async -> Bool {
        await withCheckedContinuation { continuation in
            let hasRung = state.withLock { state in
                guard !state.hasRung else {
                    state.hasRung = false
                    return true
                }
                state.wait += 1
                state.waiter = continuation
                state.timer = Task { [wait = state.wait] in
                    try? await Task.sleep(for: limit)
                    if !Task.isCancelled { self.expire(wait) }
                }
                return false
            }
            if hasRung { continuation.resume(returning: true) }
        }
    }

    private func expire(_ wait: Int) {
        let waiter = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            guard state.wait == wait else { return nil }
            defer { (state.waiter, state.timer) = (nil, nil) }
            return state.waiter
        }
        waiter?.resume(returning: false)
    }
}
