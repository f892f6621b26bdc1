import Foundation

/// One program at a time in a directory; the lock ends with its process, however that ends.
struct DirectoryLock: ~Copyable {
    /// The name of the lock's file.
    static let name = "lock"

    private let descriptor: Int32

    /// Waits until nobody else has the lock.
    ///
    /// - Parameter directory: The directory to hold, which must exist.
    /// - Throws: ``ClusterError/notWritable(path:reason:)``.
    init(directory: String) throws(ClusterError) {
        let path = "\(directory)/\(Self.name)"
        // O_CLOEXEC: the server that is started under the lock must not inherit it.
        descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .notWritable(path: path, reason: String(cString: strerror(errno))) }
        var result = flock(descriptor, LOCK_EX)
        while result != 0, errno == EINTR { result = flock(descriptor, LOCK_EX) }
    }

    /// Lets the next one in.
    func release() {
        close(descriptor)
    }
}
