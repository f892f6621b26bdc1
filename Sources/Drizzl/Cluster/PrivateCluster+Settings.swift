import Foundation

extension PrivateCluster {
    /// Writes the server's settings, anew at every start: a newer Drizzl brings newer settings to old data.
    ///
    /// What a person changes by `ALTER SYSTEM` lies in `postgresql.auto.conf` and comes on top.
    func writeSettings(_ home: ClusterHome) throws(ClusterError) {
        let files = [
            "postgresql.conf": Self.settings(socketDirectory: home.socketDirectory),
            // Only the socket, and its directory is closed to others: that is the lock on this door.
            "pg_hba.conf": "local all all trust\nlocal replication all trust\n",
        ]
        for (name, text) in files {
            let path = "\(home.data)/\(name)"
            // In place, since the file is the server's user's; and not through a link, since root may be writing.
            let descriptor = open(path, O_WRONLY | O_TRUNC | O_NOFOLLOW | O_CLOEXEC)
            guard descriptor >= 0 else { throw .notWritable(path: path, reason: String(cString: strerror(errno))) }
            let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
            do {
                try file.write(contentsOf: Data(text.utf8))
            } catch {
                if Self.isFullDisk(error) { throw .noSpace(path: home.path, freeMegabytes: nil) }
                throw .notWritable(path: path, reason: Self.reason(error))
            }
        }
    }

    /// The whole of `postgresql.conf`.
    static func settings(socketDirectory: String) -> String {
        """
        # Written by Drizzl at every start. Change settings with ALTER SYSTEM; those come on top of these.

        # Reached by the Unix socket only.
        listen_addresses = ''
        unix_socket_directories = '\(socketDirectory)'
        unix_socket_permissions = 0700
        max_connections = 200

        # What was committed stays committed, whatever dies.
        fsync = on
        synchronous_commit = on
        full_page_writes = on
        wal_level = replica

        shared_buffers = 128MB
        # A queue's tables turn over quickly: an idle vacuum costs more later.
        autovacuum = on

        timezone = 'UTC'
        log_timezone = 'UTC'
        datestyle = 'iso, ymd'
        default_text_search_config = 'pg_catalog.english'
        lc_messages = 'C.UTF-8'

        log_line_prefix = '%m [%p] %q%u@%d '
        # Statements and their parameters may hold addresses; neither goes to the log.
        log_min_error_statement = panic
        log_parameter_max_length_on_error = 0
        log_checkpoints = off

        """
    }
}
