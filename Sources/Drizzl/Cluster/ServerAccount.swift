import Foundation

/// The user that the private PostgreSQL runs as.
///
/// PostgreSQL refuses to run as root, so for root it runs as `postgres`, which Debian's package makes, or as `nobody`.
/// Everybody else runs it themselves.
struct ServerAccount: Equatable, Sendable {
    let uid: UInt32
    let gid: UInt32

    /// What stands before a command to run it as this user; empty when we are this user already.
    let prefix: [String]

    /// Whoever runs this process.
    static var current: ServerAccount { ServerAccount(uid: geteuid(), gid: getegid(), prefix: []) }

    /// Who a new cluster runs as.
    ///
    /// - Returns: The current user, or for root an unprivileged one.
    /// - Throws: ``ClusterError/commandFailed(command:output:)`` when root has nobody to be.
    static func forNewCluster() throws(ClusterError) -> ServerAccount {
        guard geteuid() == 0 else { return current }
        for name in ["postgres", "nobody"] {
            if let entry = getpwnam(name)?.pointee, entry.pw_uid != 0 {
                return try unprivileged(uid: entry.pw_uid, gid: entry.pw_gid)
            }
        }
        throw .commandFailed(
            command: "PostgreSQL", output: "there is neither a user postgres nor a user nobody to run it")
    }

    /// Who runs the cluster whose data is at `path`: the owner of the data.
    ///
    /// - Parameter path: The data directory.
    /// - Returns: The owner, if we may act as them.
    /// - Throws: ``ClusterError/otherOwner(path:uid:)`` when we may not.
    static func owning(_ path: String) throws(ClusterError) -> ServerAccount {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let uid = (attributes?[.ownerAccountID] as? NSNumber)?.uint32Value,
            let gid = (attributes?[.groupOwnerAccountID] as? NSNumber)?.uint32Value
        else { throw .notWritable(path: path, reason: "its owner cannot be read") }
        if uid == geteuid(), uid != 0 { return current }
        guard geteuid() == 0, uid != 0 else { throw .otherOwner(path: path, uid: uid) }
        return try unprivileged(uid: uid, gid: gid)
    }

    /// Whether this user can enter and write a directory, by trying as that user: every parent counts.
    func canUse(_ path: String) throws(ClusterError) -> Bool {
        try CapturedProcess.run("/usr/bin/test", ["-x", path, "-a", "-w", path], as: self).succeeded
    }

    private static func unprivileged(uid: UInt32, gid: UInt32) throws(ClusterError) -> ServerAccount {
        // setpriv and not su or runuser: no PAM session, no shell, no change of the environment.
        let places = ["/usr/bin/setpriv", "/bin/setpriv", "/usr/sbin/setpriv"]
        guard let setpriv = places.first(where: FileManager.default.isExecutableFile(atPath:)) else {
            throw .commandFailed(
                command: "setpriv", output: "it is needed to leave root, and not installed (package util-linux)")
        }
        return ServerAccount(
            uid: uid, gid: gid, prefix: [setpriv, "--reuid=\(uid)", "--regid=\(gid)", "--clear-groups", "--"])
    }
}
