/// What is paused: jobs of it are not begun, while those that run go on.
public enum PauseScope: Sendable, Hashable, Codable {
    /// All jobs of a queue.
    case queue(String)
    /// All jobs of a kind, in whatever queue.
    case kind(String)
    /// All jobs with a concurrency key.
    case key(String)

    /// The name of the queue, the kind or the key.
    public var name: String {
        switch self {
        case .queue(let name), .kind(let name), .key(let name): name
        }
    }
}
