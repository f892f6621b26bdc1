extension PrivateCluster {
    /// Makes the program's role and database when they are not there.
    ///
    /// The role is no superuser: what the database guards, it guards against the program as well. It may make the
    /// roles and scratch databases that migrations and checks ask for.
    func createRoleAndDatabase(_ home: ClusterHome, with installation: PostgresInstallation) throws(ClusterError) {
        let role = """
            DO $$ BEGIN
              IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'drizzl') THEN
                CREATE ROLE drizzl LOGIN NOSUPERUSER CREATEROLE CREATEDB;
              END IF;
            END $$
            """
        try statement(role, home, installation)
        let known = "SELECT count(*) FROM pg_database WHERE datname = 'drizzl'"
        guard try statement(known, home, installation) == "0" else { return }
        try statement("CREATE DATABASE drizzl OWNER drizzl", home, installation)
    }

    @discardableResult
    private func statement(
        _ sql: String, _ home: ClusterHome, _ installation: PostgresInstallation
    ) throws(ClusterError) -> String {
        let url = home.url(database: "postgres", user: "postgres")
        let result = try CapturedProcess.run(
            "\(installation.folder)/psql", ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql, url])
        guard result.succeeded else { throw .commandFailed(command: "psql", output: result.output) }
        return result.output
    }
}
