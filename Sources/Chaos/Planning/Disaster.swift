/// What is done to the processes, the server and the connections.
public enum Disaster: String, Sendable, CaseIterable, Codable {
    /// A process gets SIGKILL.
    case kill
    /// A process gets SIGSTOP, and SIGCONT when its lease is long over: it comes back as a zombie.
    case stop
    /// A process gets SIGTERM, as when a newer version is rolled out.
    case shutdown
    /// Some connections are cut by the server.
    case cut
    /// PostgreSQL is stopped with `-m immediate`, and started again.
    case crash

    /// How it is counted for people.
    var noun: String {
        switch self {
        case .kill: "kill -9"
        case .stop: "stops longer than the lease"
        case .shutdown: "shutdowns"
        case .cut: "cuts of connections"
        case .crash: "crashes of PostgreSQL"
        }
    }
}

/// A disaster with its moment.
public struct PlannedDisaster: Sendable, Hashable {
    /// When, after the beginning.
    public let moment: Duration
    /// What.
    public let disaster: Disaster
    /// Whom it meets, as a number among all processes, workers first; means nothing for `cut` and `crash`.
    public let victim: Int
    /// How long it lasts, or for `cut` how many connections in a hundred it meets.
    public let measure: Int
}
