public import Database
internal import Synchronization

/// Wakes fetchers when queues got jobs: those of this process at once, those of others through the database.
///
/// Called after the commit, never before. At most one notification per queue leaves in each ``quiet`` period, on a
/// connection of the pool's, so however many transactions enqueue, few notify. Jobs that wait for a slot or for other
/// jobs are looked at in the same step. A wake-up is a hint: one that is lost costs a poll or a sweep, nothing else.
public final class QueueWaker: Sendable {
    /// How long to rest between two notifications.
    public static let quiet: Duration = .milliseconds(20)

    private struct State {
        var pending: Set<String> = []
        var followUp = QueueFollowUp()
        var sending: Task<Void, Never>?
        var listeners: [Int: (queue: String, wake: AsyncStream<Void>.Continuation)] = [:]
        var nextListener = 0
    }

    private let state = Mutex(State())
    private let send: @Sendable ([String]) async -> Void
    private let follow: @Sendable (QueueFollowUp) async -> Set<String>

    /// Makes a waker that notifies other processes over the pool.
    ///
    /// - Parameter pool: Where a connection is taken from for each notification.
    public convenience init(pool: Pool) {
        self.init { queues in
            // Lost with the connection: whoever waits polls.
            _ = try? await pool.query(Queue.notify(queues))
        } follow: { followUp in
            // Lost with the connection: the sweeps find it.
            (try? await pool.run { session in try Queue.follow(followUp, in: session) }) ?? []
        }
    }

    /// Makes a waker that tells other processes in a way of its own.
    ///
    /// - Parameters:
    ///   - send: Called with names of queues, sorted; not twice at the same time.
    ///   - follow: Looks at what waits for a slot or for other jobs, and says which queues got jobs by it.
    public init(
        send: @escaping @Sendable ([String]) async -> Void,
        follow: @escaping @Sendable (QueueFollowUp) async -> Set<String> = { _ in [] }
    ) {
        self.send = send
        self.follow = follow
    }

    /// Wakes whoever serves the queues of jobs that were enqueued, and looks at those that wait for a slot or for
    /// others.
    ///
    /// Returns at once.
    ///
    /// - Parameter placed: What was enqueued; after the commit.
    public func wake(_ placed: [JobPlacement]) {
        wake(placed.filter { $0.place == .ready }.map(\.queue), after: QueueFollowUp(placed))
    }

    /// Wakes whoever serves these queues, here and elsewhere.
    ///
    /// Returns at once.
    ///
    /// - Parameters:
    ///   - queues: The names of queues that got jobs; after the commit.
    ///   - followUp: What to look at besides.
    public func wake(_ queues: some Sequence<String>, after followUp: QueueFollowUp = QueueFollowUp()) {
        let names = Set(queues)
        guard !names.isEmpty || !followUp.isEmpty else { return }
        wakeHere(names)
        state.withLock { state in
            state.pending.formUnion(names)
            state.followUp.formUnion(followUp)
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
        while let (names, followUp) = nextPending() {
            let more = followUp.isEmpty ? [] : await follow(followUp)
            if !more.isEmpty { wakeHere(more) }
            let all = names.union(more)
            if !all.isEmpty { await send(all.sorted()) }
            try? await Task.sleep(for: Self.quiet)
        }
    }

    private func nextPending() -> (Set<String>, QueueFollowUp)? {
        state.withLock { state in
            guard !state.pending.isEmpty || !state.followUp.isEmpty else {
                state.sending = nil
                return nil
            }
            defer { (state.pending, state.followUp) = ([], QueueFollowUp()) }
            return (state.pending, state.followUp)
        }
    }
}
