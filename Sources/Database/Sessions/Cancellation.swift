internal import Dispatch
internal import Synchronization

/// Carries the cancelling of a task to the statement that its session is running.
///
/// Two races are closed here. A request that reaches the server before the statement does is lost, so requests are
/// repeated until the statement has ended. A request that reaches it afterwards would stop somebody else's statement,
/// so ``leave()`` returns only when no request is on its way.
final class Cancellation: Sendable {
    private struct State {
        var isCancelled = false
        var running: CancelHandle?
        /// Set once requests are being sent; signalled when the statement has ended.
        var ended: DispatchSemaphore?
    }

    private let state = Mutex(State())
    private let sending = DispatchGroup()

    var isCancelled: Bool { state.withLock(\.isCancelled) }

    /// Cancels from any thread, without blocking.
    func cancel() {
        state.withLock { state in
            state.isCancelled = true
            guard let handle = state.running, state.ended == nil else { return }
            let ended = DispatchSemaphore(value: 0)
            state.ended = ended
            sending.enter()
            DispatchQueue.global().async { [sending] in
                Self.send(handle, until: ended)
                sending.leave()
            }
        }
    }

    /// Says that a statement is about to be sent; `false` when there is no use in that any more.
    func enter(_ handle: CancelHandle) -> Bool {
        state.withLock { state in
            guard !state.isCancelled else { return false }
            state.running = handle
            return true
        }
    }

    /// Says that the statement has ended; waits until no request is on its way.
    func leave() {
        let ended = state.withLock { state in
            state.running = nil
            defer { state.ended = nil }
            return state.ended
        }
        guard let ended else { return }
        ended.signal()
        sending.wait()
    }

    private static func send(_ handle: CancelHandle, until ended: DispatchSemaphore) {
        var pause = 10
        repeat {
            handle.send()
            pause = min(pause * 2, 1_000)
        } while ended.wait(timeout: .now() + .milliseconds(pause)) == .timedOut
    }
}
