public import Foundation
internal import Synchronization

/// A clock that stands still until a test moves it.
public final class MovedClock: Sendable {
    private let moment: Mutex<Date>

    /// Sets the clock; without a moment to one in the year 2030, which is nobody's now.
    public init(_ start: Date = Date(timeIntervalSince1970: 1_900_000_000)) {
        moment = Mutex(start)
    }

    /// What it shows.
    public var now: Date { moment.withLock { $0 } }

    /// What it shows, for whoever takes a clock as a closure.
    public var reading: @Sendable () -> Date { { self.now } }

    /// Moves it on.
    public func advance(by duration: Duration) {
        moment.withLock { $0 = $0.addingTimeInterval(duration / .seconds(1)) }
    }

    /// Moves it to a moment.
    public func set(to date: Date) {
        moment.withLock { $0 = date }
    }
}
