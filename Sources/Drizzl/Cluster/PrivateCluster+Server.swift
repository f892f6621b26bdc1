import Foundation

extension PrivateCluster {
    /// The server's process, or nothing when none runs on this data.
    ///
    /// The pid file alone proves nothing: after a crash its number may be another program's. A postmaster's current
    /// directory is its data directory, so that is asked.
    func serverProcess(_ home: ClusterHome) -> Int32? {
        guard let pid = recordedProcess(home),
            let current = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/cwd"),
            current == URL(fileURLWithPath: home.data).resolvingSymlinksInPath().path
        else { return nil }
        return pid
    }

    /// Whether a server runs on this data and takes connections; waits while it is starting up.
    ///
    /// One that runs but lost its socket (someone cleaned `/tmp`) is stopped, so that it can be started afresh.
    func isAnswering(_ home: ClusterHome) throws(ClusterError) -> Bool {
        guard home.isInitialized, serverProcess(home) != nil else { return false }
        let installation = try installation(for: home)
        let deadline = ContinuousClock.now.advanced(by: .seconds(Self.recoverySeconds))
        var looksWithoutSocket = 0
        while ContinuousClock.now < deadline {
            let answer = try CapturedProcess.run(
                "\(installation.folder)/pg_isready", ["-q", "-h", home.socketDirectory, "-t", "3"])
            if answer.succeeded { return true }
            guard serverProcess(home) != nil else { return false }
            // A server that is just starting makes its socket within moments; one that lost it never will.
            looksWithoutSocket = hasSocket(home) ? 0 : looksWithoutSocket + 1
            if looksWithoutSocket > Self.looks {
                try stopServer(home, with: installation)
                return false
            }
            Thread.sleep(forTimeInterval: Self.pause)
        }
        throw .startFailed(log: "It runs, and does not answer at \(home.socketDirectory).", logPath: home.log)
    }

    /// Makes the data directory.
    ///
    /// Interrupted at any point, it begins anew the next time.
    func initialize(_ home: ClusterHome, with installation: PostgresInstallation) throws(ClusterError) {
        guard !home.isInitialized else { return }
        try? FileManager.default.removeItem(atPath: home.unfinishedData)
        let result = try CapturedProcess.run(
            "\(installation.folder)/initdb",
            [
                "-D", home.unfinishedData, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
                "--data-checksums", "--no-instructions",
            ], as: home.account)
        guard result.succeeded else {
            if Self.namesFullDisk(result.output) { throw .noSpace(path: home.path, freeMegabytes: nil) }
            throw .initializationFailed(output: result.output)
        }
        guard rename(home.unfinishedData, home.data) == 0 else {
            throw .notWritable(path: home.data, reason: String(cString: strerror(errno)))
        }
    }

    /// Makes the socket's directory, or makes sure that the one that is there is the server's own and closed.
    func prepareSocketDirectory(_ home: ClusterHome) throws(ClusterError) {
        let path = home.socketDirectory
        if mkdir(path, 0o700) == 0 { return try own(path, by: home.account) }
        guard errno == EEXIST else { throw .notWritable(path: path, reason: String(cString: strerror(errno))) }
        // Anybody may make names in /tmp: a directory of someone else, or a link, would hand them our socket.
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        let mode = (attributes?[.posixPermissions] as? NSNumber)?.uint16Value ?? 0o777
        guard attributes?[.type] as? FileAttributeType == .typeDirectory, mode & 0o077 == 0,
            (attributes?[.ownerAccountID] as? NSNumber)?.uint32Value == home.account.uid
        else { throw .socketDirectoryTaken(path: path) }
    }

    /// Starts the server and waits until it takes connections.
    func startServer(_ home: ClusterHome, with installation: PostgresInstallation) throws(ClusterError) {
        forgetStaleProcess(home)
        setAsideLongLog(home)
        let logged = Self.size(home.log)
        for attempt in 1...Self.attempts {
            let result = try CapturedProcess.run(
                "\(installation.folder)/pg_ctl",
                ["start", "-D", home.data, "-l", home.log, "-w", "-s", "-t", "\(Self.recoverySeconds)"],
                as: home.account)
            if result.succeeded { return }
            let words = Self.text(home.log, from: logged)
            if Self.namesFullDisk(words) { throw .noSpace(path: home.path, freeMegabytes: nil) }
            // After kill -9 of the server alone, its children need a moment to notice and let go of the memory.
            guard
                words.contains("is still in use") || (words.contains("lock file") && words.contains("already exists")),
                attempt < Self.attempts
            else {
                let last = words.split(separator: "\n").suffix(8).joined(separator: "\n")
                throw .startFailed(log: last.isEmpty ? result.output : last, logPath: home.log)
            }
            Thread.sleep(forTimeInterval: Self.pause)
            forgetStaleProcess(home)
        }
    }

    /// Stops the server, and waits for it.
    func stopServer(_ home: ClusterHome, with installation: PostgresInstallation) throws(ClusterError) {
        var output = ""
        // `immediate` leaves recovery to the next start; still better than a server that nobody can stop.
        for mode in ["fast", "immediate"] where serverProcess(home) != nil {
            output = try CapturedProcess.run(
                "\(installation.folder)/pg_ctl", ["stop", "-D", home.data, "-m", mode, "-w", "-s", "-t", "60"],
                as: home.account
            ).output
        }
        guard serverProcess(home) == nil else { throw .stopFailed(output: output) }
        rmdir(home.socketDirectory)
    }

    // MARK: - Small parts

    private static var attempts: Int { 50 }
    private static var looks: Int { 10 }
    private static var pause: TimeInterval { 0.2 }
    private static var recoverySeconds: Int { 300 }

    /// The process that the pid file names.
    private func recordedProcess(_ home: ClusterHome) -> Int32? {
        guard let text = try? String(contentsOfFile: "\(home.data)/postmaster.pid", encoding: .utf8) else { return nil }
        return text.split(separator: "\n").first.flatMap { Int32($0.trimmingCharacters(in: .whitespaces)) }
    }

    /// Removes lock files whose number now belongs to some other program, which PostgreSQL would take for itself.
    ///
    /// A killed server that nobody has reaped yet counts as another program: it holds its number and nothing else.
    /// A number that nobody has is left to PostgreSQL, which then also looks for children that outlived their server.
    private func forgetStaleProcess(_ home: ClusterHome) {
        guard serverProcess(home) == nil else { return }
        // The socket's directory is this cluster's own, so what is in it is of no use without its server.
        unlink("\(home.socketDirectory)/.s.PGSQL.5432.lock")
        unlink("\(home.socketDirectory)/.s.PGSQL.5432")
        guard let pid = recordedProcess(home), kill(pid, 0) == 0 || errno == EPERM else { return }
        unlink("\(home.data)/postmaster.pid")
    }

    private func hasSocket(_ home: ClusterHome) -> Bool {
        FileManager.default.fileExists(atPath: "\(home.socketDirectory)/.s.PGSQL.5432")
    }

    /// Keeps the log from growing for ever: a long one makes room at the next start, and one old one is kept.
    private func setAsideLongLog(_ home: ClusterHome) {
        if Self.size(home.log) > 10_000_000 { rename(home.log, "\(home.log).1") }
    }

    private static func namesFullDisk(_ words: String) -> Bool { words.contains("No space left on device") }

    private static func size(_ path: String) -> UInt64 {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return (attributes?[.size] as? NSNumber)?.uint64Value ?? 0
    }

    private static func text(_ path: String, from offset: UInt64) -> String {
        guard let file = FileHandle(forReadingAtPath: path) else { return "" }
        defer { try? file.close() }
        try? file.seek(toOffset: offset)
        return (try? file.readToEnd()).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
