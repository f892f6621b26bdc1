public import Database
internal import Synchronization

/// Wakes fetchers when queues got jobs: those of this process at once, those of others through the database.
///
/// Called after the commit, never before. At most one notification per queue leaves in each ``quiet`` period, on a
/// connection of the pool's, so however many transactions enqueue, few notify. A wake-up is a hint: one that is lost
/// costs a poll, nothing else.
public final class QueueWaker: Sendable {
    /// How long to rest between two notifications.
    public static let quiet: Duration = .milliseconds(20)

    private struct State {
        var pending: Set<String> = []
        var sending: Task<Void, Never>?
        var listeners: [Int: (queue: String, wake: AsyncStream<Void>.Continuation)] = [:]
        var nextListener = 0
    }

    private let state = Mutex(State())
    private let send: @Sendable ([String]) async -> Void

    /// Makes a waker that notifies other processes over the pool.
    ///
    /// - Parameter pool: Where a connection is taken from for each notification.
    public convenience init(pool: Pool) {
        self.init { queues in
            // Lost with the connection: whoever waits polls.
            _ = try? await pool.query(Queue.notify(queues))
        }
    }

    /// Makes a waker that tells other processes in a way of its own.
    ///
    /// - Parameter send: Called with names of queues, sorted; not twice at the same time.
    public init(send: @escaping @Sendable ([String]) async -> Void) {
        self.send = send
    }

    /// Wakes whoever serves these queues, here and elsewhere.
    ///
    /// Returns at once.
    ///
    /// - Parameter queues: The names of queues that got jobs; after the commit.
    public func wake(_ queues: some Sequence<String>) {
        let names = Set(queues)
        guard !names.isEmpty else { return }
        wakeHere(names)
        state.withLock { state in
            state.pending.formUnion(names)
            if state.sending == nil {
                state.sending = Task { await self.sendPending() }
            }
        }
    }

    /// Wakes whoever serves these queues in this process only: for what another process notified.
    ///
    /// - Parameter queues: The names; `nil` is all, as after a time of deafness.
    public func wakeHere(_ queues: Set<String>?) {
        let awoken = state.withLock { state in
            state.listeners.values.filter { queues?.contains($0.queue) ?? true }.map(\.wake)
        }
        for wake in awoken { wake.yield() }
    }

    /// The wake-ups of one queue, from now on.
    ///
    /// Several that come before one is read are one.
    ///
    /// - Parameter queue: The queue's name.
    /// - Returns: A stream for one reader, which ends only with its reader.
    public func wakeUps(of queue: String) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number = state.withLock { state in
            state.nextListener += 1
            state.listeners[state.nextListener] = (queue, continuation)
            return state.nextListener
        }
        continuation.onTermination = { [weak self] _ in
            // The lock is not reentrant, and a continuation must not be destroyed under it.
            let removed = self?.state.withLock { $0.listeners.removeValue(forKey: number) }
            _ = removed
        }
        return stream
    }

    /// Waits until everything that was to be told has been told.
    public func settle() async {
        await state.withLock(\.sending)?.value
    }

    /// Sends what is pending, rests, and goes on while more has come.
    private func sendPending() async {
        while let names = nextPending() {
            await send(names.sorted())
            try? await Task.sleep(for: Self.quiet)
        }
    }

    private func nextPending() -> Set<String>? {
        state.withLock { state in
            guard !state.pending.isEmpty else {
                state.sending = nil
                return nil
            }
            defer { state.pending = [] }
            return state.pending
        }
    }
}
