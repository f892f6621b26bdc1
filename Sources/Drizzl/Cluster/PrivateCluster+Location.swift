import Foundation

extension PrivateCluster {
    /// The file that names the real place, when the data could not be kept in the directory itself.
    static let noteName = "location"
    /// Where data goes whose own directory the server's user cannot reach.
    static let systemDirectory = "/var/lib/drizzl"

    private static let ownNames: Set<String> = [
        noteName, DirectoryLock.name, "data", "data.new", "server.log", "server.log.1",
    ]

    /// Where the cluster is, if it was ever made; changes nothing.
    func existingHome() throws(ClusterError) -> ClusterHome? {
        let note = "\(directory)/\(Self.noteName)"
        if let text = try? String(contentsOfFile: note, encoding: .utf8) {
            let path = text.trimmingCharacters(in: .whitespacesAndNewlines)
            // The note decides what is chowned and deleted, so it may name only what we would have written.
            guard path == outsidePath else { throw .directoryInUse(path: directory) }
            guard FileManager.default.fileExists(atPath: path) else { return nil }
            return ClusterHome(path: path, account: try .owning(path))
        }
        guard FileManager.default.fileExists(atPath: "\(directory)/data/PG_VERSION") else { return nil }
        return ClusterHome(path: directory, account: try .owning("\(directory)/data"))
    }

    /// Where the cluster is or shall be, with the directories made and owned by the server's user.
    ///
    /// Root's clone may lie where the server's user cannot go (under `/root`, say). Then the data lives under
    /// ``systemDirectory``, and a note in the directory names the place.
    func prepareHome() throws(ClusterError) -> ClusterHome {
        if let home = try existingHome() { return home }
        try refuseForeignFiles()
        try makeDirectory(directory)
        let account = try ServerAccount.forNewCluster()
        guard account != .current else {
            guard try account.canUse(directory) else {
                // Usually somebody, root perhaps, made it before; then the owner is the useful thing to name.
                let attributes = try? FileManager.default.attributesOfItem(atPath: directory)
                let owner = (attributes?[.ownerAccountID] as? NSNumber)?.uint32Value
                if let owner, owner != account.uid { throw .otherOwner(path: directory, uid: owner) }
                throw .notWritable(path: directory, reason: "permission denied")
            }
            return ClusterHome(path: directory, account: account)
        }
        try own(directory, by: account)
        if try account.canUse(directory) { return ClusterHome(path: directory, account: account) }
        try own(directory, by: .current)
        return try prepareOutside(account)
    }

    /// One line for the person, when the data is not where they asked for it.
    func locationNotice(_ home: ClusterHome) -> String? {
        guard home.path != directory else { return nil }
        return "PostgreSQL's own user cannot reach \(directory), so the data is kept in \(home.path)."
    }

    private var outsidePath: String { "\(Self.systemDirectory)/\(ClusterHome.fingerprint(of: directory))" }

    private func prepareOutside(_ account: ServerAccount) throws(ClusterError) -> ClusterHome {
        try makeDirectory(Self.systemDirectory)
        try makeDirectory(outsidePath)
        try own(outsidePath, by: account)
        do {
            // The note comes last: without it the next start begins anew, and with it the place is ready.
            try "\(directory)\n".write(toFile: "\(outsidePath)/belongs-to", atomically: true, encoding: .utf8)
            try "\(outsidePath)\n".write(toFile: "\(directory)/\(Self.noteName)", atomically: true, encoding: .utf8)
        } catch {
            throw .notWritable(path: outsidePath, reason: Self.reason(error))
        }
        return ClusterHome(path: outsidePath, account: account)
    }

    /// Taking a directory over changes its owner and mode, so it must be empty or already ours.
    private func refuseForeignFiles() throws(ClusterError) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        guard Self.ownNames.isSuperset(of: names) else { throw .directoryInUse(path: directory) }
    }

    private func makeDirectory(_ path: String) throws(ClusterError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            if Self.isFullDisk(error) { throw .noSpace(path: path, freeMegabytes: nil) }
            throw .notWritable(path: path, reason: Self.reason(error))
        }
    }

    /// Gives a directory to `account`, closed to everyone else.
    func own(_ path: String, by account: ServerAccount) throws(ClusterError) {
        do {
            try FileManager.default.setAttributes(
                [
                    .ownerAccountID: NSNumber(value: account.uid), .groupOwnerAccountID: NSNumber(value: account.gid),
                    .posixPermissions: NSNumber(value: 0o700),
                ], ofItemAtPath: path)
        } catch {
            throw .notWritable(path: path, reason: Self.reason(error))
        }
    }

    /// Why a file operation failed, in the system's words.
    static func reason(_ error: any Error) -> String {
        let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error
        if let code = (cause as? POSIXError)?.code ?? (error as? POSIXError)?.code {
            return String(cString: strerror(code.rawValue))
        }
        return error.localizedDescription.trimmingCharacters(in: CharacterSet(charactersIn: "."))
    }

    /// Whether a file operation failed because the disk is full.
    static func isFullDisk(_ error: any Error) -> Bool {
        let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error
        return [error, cause].compactMap { $0 }.contains {
            ($0 as? CocoaError)?.code == .fileWriteOutOfSpace || ($0 as? POSIXError)?.code == .ENOSPC
        }
    }
}
