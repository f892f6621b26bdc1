internal import Synchronization

/// Wakes one waiter.
///
/// A ring that finds nobody waiting is kept for the next wait; several are one.
final class Bell: Sendable {
    private struct State {
        var hasRung = false
        var waiter: CheckedContinuation<Bool, Never>?
        /// Until when the waiter waits.
        var deadline = ContinuousClock.now
        /// When the timer looks, and which one: it outlives rings, for under load there are thousands a second.
        var timer: (looksAt: ContinuousClock.Instant, number: Int)?
        var timers = 0
    }

    private let state = Mutex(State())

    func ring() {
        let waiter = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            state.hasRung = state.waiter == nil
            defer { state.waiter = nil }
            return state.waiter
        }
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
        let deadline = ContinuousClock.now + limit
        return await withCheckedContinuation { continuation in
            let (hasRung, timer) = state.withLock { state -> (Bool, Int?) in
                guard !state.hasRung else {
                    state.hasRung = false
                    return (true, nil)
                }
                (state.waiter, state.deadline) = (continuation, deadline)
                if let timer = state.timer, timer.looksAt <= deadline { return (false, nil) }
                state.timers += 1
                state.timer = (deadline, state.timers)
                return (false, state.timers)
            }
            if hasRung { continuation.resume(returning: true) }
            if let timer {
                Task { [weak self] in
                    var next: ContinuousClock.Instant? = deadline
                    while let instant = next {
                        try? await Task.sleep(until: instant, clock: .continuous)
                        next = self?.look(timer)
                    }
                }
            }
        }
    }

    /// Ends a wait that has lasted long enough.
    ///
    /// - Parameter timer: Which timer looks; of two the younger counts.
    /// - Returns: When it has to look again; nil when nobody waits for it.
    private func look(_ timer: Int) -> ContinuousClock.Instant? {
        let (waiter, next) = state.withLock {
            state -> (CheckedContinuation<Bool, Never>?, ContinuousClock.Instant?) in
            guard state.timer?.number == timer else { return (nil, nil) }
            guard state.waiter != nil, state.deadline > .now else {
                defer { (state.waiter, state.timer) = (nil, nil) }
                return (state.waiter, nil)
            }
            state.timer?.looksAt = state.deadline
            return (nil, state.deadline)
        }
        waiter?.resume(returning: false)
        return next
    }
}
