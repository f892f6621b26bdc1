/// Something that is to be looked after again and again.
///
/// Correct on any node at any time, also on two at once: leadership only saves work.
public protocol Duty: Sendable {
    /// The name, for logs.
    var name: String { get }
    /// How long to rest when there was nothing more to do.
    var interval: Duration { get }
    /// Does a portion of it.
    ///
    /// - Returns: Whether there is more to do at once.
    /// - Throws: Any error; the duty is tried again after its interval. It ends soon after its task was cancelled.
    func run() async throws -> Bool
}

/// A duty given as a closure: what other modules know how to do, such as firing timers.
public struct NamedDuty: Duty {
    /// The name, for logs.
    public let name: String
    /// How long to rest when there was nothing more to do.
    public let interval: Duration
    private let work: @Sendable () async throws -> Bool

    /// Makes a duty.
    ///
    /// - Parameters:
    ///   - name: The name, for logs.
    ///   - interval: How long to rest when there was nothing more to do.
    ///   - work: Does a portion of it, and says whether there is more.
    public init(name: String, interval: Duration, work: @escaping @Sendable () async throws -> Bool) {
        self.name = name
        self.interval = interval
        self.work = work
    }

    /// Does a portion of it.
    public func run() async throws -> Bool {
        try await work()
    }
}
