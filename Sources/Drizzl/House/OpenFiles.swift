import Foundation
import Logging

/// How many files and connections this process may have open at once.
///
/// Each stream of changes is one, and what a shell gives programs (1,024, often) is few.
enum OpenFiles {
    /// Takes as many as the system lets it have.
    ///
    /// - Parameter logger: Is told when that is not many.
    static func allowAll(_ logger: Logger) {
        let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard getrlimit(files, &limit) == 0 else { return }
        if limit.rlim_cur < limit.rlim_max {
            limit.rlim_cur = limit.rlim_max
            _ = setrlimit(files, &limit)
        }
        if limit.rlim_max < 8_192 {
            logger.notice("few connections", metadata: ["limit": "\(limit.rlim_max)", "set by": "ulimit -Hn"])
        }
    }
}
