internal import Synchronization

/// Sees to it that a job which may have taken a process with it runs alone in the next one.
///
/// When a process dies, everything it held counts as having been there. If a job that was there twice ran beside others
/// once more, it would drag its neighbours into the grave with it. So the queue that comes upon such a job turns
/// hermit: the others give back what they have not begun, finish what runs, and wait.
final class Solitude: Sendable {
    private struct State {
        var hermit: String?
        /// The queues that claim, hold or run jobs.
        var busy: Set<String> = []
    }

    private let state = Mutex(State())

    /// Lets a queue claim, hold and run jobs, unless another is the hermit.
    func enter(_ queue: String) -> Bool {
        state.withLock { state in
            guard state.hermit == nil || state.hermit == queue else { return false }
            state.busy.insert(queue)
            return true
        }
    }

    /// Says that a queue claims, holds and runs nothing until it enters again.
    func withdraw(_ queue: String) {
        _ = state.withLock { $0.busy.remove(queue) }
    }

    /// Makes a queue that has entered the hermit, unless another is.
    func seek(_ queue: String) -> Bool {
        state.withLock { state in
            if state.hermit == nil { state.hermit = queue }
            return state.hermit == queue
        }
    }

    func isHermit(_ queue: String) -> Bool { state.withLock { $0.hermit == queue } }

    /// Whether the queue is the hermit and all others have withdrawn.
    func isAlone(_ queue: String) -> Bool {
        state.withLock { $0.hermit == queue && $0.busy.isSubset(of: [queue]) }
    }

    /// Lets the others in again.
    func end(_ queue: String) {
        state.withLock { state in
            if state.hermit == queue { state.hermit = nil }
        }
    }
}
