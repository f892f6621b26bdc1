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
