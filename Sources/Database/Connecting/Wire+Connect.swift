internal import CLibPQ

extension Wire {
    /// Connects and sets the session up.
    ///
    /// Blocks, for at most the connect timeout per host.
    static func connect(_ configuration: DatabaseConfiguration) throws(DatabaseError) -> Wire {
        try checkURL(configuration.url)
        guard let connection = open(configuration) else {
            throw DatabaseError(kind: .connection, message: "libpq has no memory for a connection")
        }
        let notices = NoticeFlag()
        // From here on the wire owns the connection, and closes it if the set-up fails.
        let wire = Wire(adopting: connection, notices: notices)
        guard PQstatus(connection) == CONNECTION_OK else { throw wire.lost() }
        notices.install(on: connection)
        // What is set behind a pooler would be somebody else's; see ``TransactionSetUp``.
        if configuration.pooler == .none {
            try wire.execute(setUp(configuration, connection))
            if let role = configuration.role { try wire.take(role) }
        }
        guard PQsetnonblocking(connection, 1) == 0, PQenterPipelineMode(connection) == 1 else { throw wire.lost() }
        return wire
    }

    /// A URL that libpq cannot read would be quoted, password and all, in its message.
    private static func checkURL(_ url: String) throws(DatabaseError) {
        let looksLikeConnectionString = url.contains("=") || url.contains("/") || url.contains("@")
        guard looksLikeConnectionString else { return }
        let options = PQconninfoParse(url, nil)
        guard options != nil else {
            throw DatabaseError(
                kind: .connection, message: "the database URL is not one that libpq understands", isRetryable: false)
        }
        PQconninfoFree(options)
    }

    private static func open(_ configuration: DatabaseConfiguration) -> OpaquePointer? {
        let seconds = max(2, (configuration.connectTimeout.wholeMilliseconds + 999) / 1_000)
        // What comes before `dbname` is a default that the URL may override; what comes after it is not.
        let settings = [
            ("connect_timeout", String(seconds)),
            ("fallback_application_name", configuration.applicationName),
            ("keepalives_idle", "15"),
            ("keepalives_interval", "5"),
            ("keepalives_count", "3"),
            ("tcp_user_timeout", "20000"),
            ("dbname", configuration.url),
            ("client_encoding", "UTF8"),
        ]
        return withCStrings(settings.map(\.0)) { keywords in
            withCStrings(settings.map(\.1)) { values in PQconnectdbParams(keywords, values, 1) }
        }
    }

    /// The zone is UTC so that a cast between an instant and a date means the same on every server.
    ///
    /// Compiling a plan pays for itself in reports that run for seconds, and we have none; at enqueuing 20,000 jobs it
    /// took six sevenths of the time.
    private static func setUp(_ configuration: DatabaseConfiguration, _ connection: OpaquePointer) -> String {
        var script = "SET TimeZone = 'UTC'; SET client_min_messages = warning; SET jit = off;"
        if !userSetsStatementTimeout(connection) {
            script += "SET statement_timeout = \(configuration.statementTimeout.wholeMilliseconds);"
        }
        return script
    }

    /// Whether the URL (or the environment) already says `options=-c statement_timeout=…`.
    private static func userSetsStatementTimeout(_ connection: OpaquePointer) -> Bool {
        guard let options = PQconninfo(connection) else { return false }
        defer { PQconninfoFree(options) }
        var option = options
        while let keyword = option.pointee.keyword {
            if String(cString: keyword) == "options" {
                return option.pointee.val.map { String(cString: $0).contains("statement_timeout") } ?? false
            }
            option += 1
        }
        return false
    }

    private func take(_ role: String) throws(DatabaseError) {
        do {
            try execute("SET ROLE " + SQLIdentifier.quote(role))
        } catch {
            guard error.kind != .connection else { throw error }
            throw DatabaseError(
                kind: .other, sqlState: error.sqlState, message: "the role \"\(role)\" cannot be taken on")
        }
    }

    /// Runs a script in blocking mode, before the pipeline mode is entered.
    func execute(_ script: String) throws(DatabaseError) {
        guard let result = PQexec(connection, script) else { throw lost() }
        defer { PQclear(result) }
        guard let report = ServerReport(result) else { return }
        guard PQstatus(connection) == CONNECTION_OK else { throw lost() }
        throw DatabaseError(report)
    }
}

/// Calls `body` with a NULL-terminated array of C strings.
private func withCStrings<Value>(
    _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Value
) -> Value {
    // All strings in one buffer, each with its NUL; the pointers are taken when it no longer moves.
    var bytes: [CChar] = []
    var offsets: [Int] = []
    for string in strings {
        offsets.append(bytes.count)
        bytes.append(contentsOf: string.utf8CString)
    }
    return bytes.withUnsafeBufferPointer { buffer in
        let pointers = offsets.map { offset in buffer.baseAddress.map { $0 + offset } }
        return body(pointers + [nil])
    }
}
