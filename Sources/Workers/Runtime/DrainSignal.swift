internal import Jobs
internal import Synchronization

/// Says to everything that fetches whether somebody wishes that this process takes nothing new.
final class DrainSignal: Sendable {
    private struct State {
        var drain: WorkerDrain?
        var bells: [Bell] = []
    }

    private let state = Mutex(State())

    /// The wish, as the last heartbeat said; a worker that starts over keeps it.
    var drain: WorkerDrain? { state.withLock(\.drain) }

    /// Whether nothing new may be taken.
    var isRequested: Bool { drain != nil }

    /// Takes what a heartbeat said.
    ///
    /// - Returns: Whether it is another wish than before.
    @discardableResult
    func set(_ drain: WorkerDrain?) -> Bool {
        let bells = state.withLock { state -> [Bell]? in
            guard state.drain != drain else { return nil }
            state.drain = drain
            return state.bells
        }
        for bell in bells ?? [] { bell.ring() }
        return bells != nil
    }

    /// Rings this bell when the wish changes.
    func ringing(_ bell: Bell) { state.withLock { $0.bells.append(bell) } }
}
