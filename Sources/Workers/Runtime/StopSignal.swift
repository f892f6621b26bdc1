internal import Synchronization

/// Says to everything in a runtime that it is to stop, and how.
final class StopSignal: Sendable {
    enum Manner: Int, Sendable, Comparable {
        /// Take nothing new, finish what runs.
        case gracefully
        /// Give back what runs.
        case now

        static func < (left: Manner, right: Manner) -> Bool { left.rawValue < right.rawValue }
    }

    private struct State {
        var manner: Manner?
        var bells: [Bell] = []
    }

    private let state = Mutex(State())

    var manner: Manner? { state.withLock(\.manner) }
    var isRequested: Bool { manner != nil }

    /// Asks to stop; a stronger request wins over a weaker one.
    func request(_ manner: Manner) {
        let bells = state.withLock { state in
            state.manner = max(state.manner ?? manner, manner)
            return state.bells
        }
        for bell in bells { bell.ring() }
    }

    /// Rings this bell at each request.
    func ringing(_ bell: Bell) {
        let isLate = state.withLock { state in
            state.bells.append(bell)
            return state.manner != nil
        }
        if isLate { bell.ring() }
    }
}
