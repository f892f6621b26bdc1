extension PrivateCluster {
    /// Ends the server as a power cut would: no process of it tidies up, and the next start recovers.
    ///
    /// - Throws: ``ClusterError``.
    func crash() throws(ClusterError) {
        guard let home = try existingHome(), home.isInitialized else { return }
        let lock = try DirectoryLock(directory: directory)
        defer { lock.release() }
        guard serverProcess(home) != nil else { return }
        let installation = try installation(for: home)
        let result = try CapturedProcess.run(
            "\(installation.folder)/pg_ctl", ["stop", "-D", home.data, "-m", "immediate", "-w", "-s", "-t", "60"],
            as: home.account)
        guard serverProcess(home) == nil else { throw .stopFailed(output: result.output) }
    }
}
