/// How to reach PostgreSQL and within which limits.
public struct DatabaseConfiguration: Sendable {
    /// Anything libpq takes: a `postgresql://` URI or a keyword string, with several hosts and `target_session_attrs`
    /// if wanted.
    ///
    /// What it says wins over the limits below.
    public var url: String
    /// How many connections a pool opens at most; each has a thread of its own.
    public var maximumConnections: Int
    /// How long to try each host, in whole seconds from 2 upwards (libpq's grain); sooner is rounded up.
    public var connectTimeout: Duration
    /// How long a statement may run before the server stops it; zero means without limit.
    public var statementTimeout: Duration
    /// The role to take on after connecting (`SET ROLE`), so that the program has fewer rights than its login.
    public var role: String?
    /// The name under which connections appear in `pg_stat_activity`.
    public var applicationName: String
    /// How long a caller waits for a connection of the pool before it is told that there is none; zero means
    /// for ever.
    public var acquireTimeout: Duration = .seconds(30)
    /// What stands between the program and the server.
    public var pooler: DatabasePooler = .none
    /// Where to listen when not under ``url``: a pooler passes no notifications on.
    public var listenURL: String?

    /// Names a database, with limits that suit a web process.
    ///
    /// - Parameters:
    ///   - url: A `postgresql://` URI or a libpq keyword string.
    ///   - maximumConnections: How many connections a pool opens at most; at least one.
    ///   - connectTimeout: How long to try each host.
    ///   - statementTimeout: How long a statement may run; zero means without limit.
    ///   - role: The role to take on after connecting, if any.
    ///   - applicationName: The name under which connections appear on the server.
    public init(
        url: String, maximumConnections: Int = 8, connectTimeout: Duration = .seconds(5),
        statementTimeout: Duration = .seconds(30), role: String? = nil, applicationName: String = "drizzl"
    ) {
        self.url = url
        self.maximumConnections = max(1, maximumConnections)
        self.connectTimeout = connectTimeout
        self.statementTimeout = statementTimeout
        self.role = role
        self.applicationName = applicationName
    }
}

/// A program between us and PostgreSQL that lends its connections on.
public enum DatabasePooler: String, Sendable, CaseIterable {
    /// None, or one that gives each of our connections a server's connection of its own for as long as it lasts.
    case none
    /// One that gives each transaction another of the server's connections: PgBouncer with `pool_mode = transaction`.
    ///
    /// Nothing is left in a session then. Role, time zone and limits are set in each transaction anew, nothing is
    /// prepared, and notifications come from ``DatabaseConfiguration/listenURL`` or are replaced by looking once a
    /// second.
    case transaction
}

extension Duration {
    var wholeMilliseconds: Int64 {
        components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
    }
}
