import Database

extension Settings {
    /// How to reach a database under these settings.
    ///
    /// - Parameters:
    ///   - url: The connection string.
    ///   - role: The role to take on; nil: the login's own rights, for migrations and the like.
    /// - Returns: The configuration, with as many connections as a process may keep.
    func database(at url: String, role: String? = nil) -> DatabaseConfiguration {
        var configuration = DatabaseConfiguration(url: url, maximumConnections: databaseConnections, role: role)
        configuration.pooler = databasePooler
        configuration.listenURL = listenURL
        return configuration
    }
}
