import Foundation

/// A TCP port of this machine.
enum Port {
    /// Somebody else listens there.
    struct Taken: Error, CustomStringConvertible {
        var port: Int
        var description: String {
            "Port \(port) is taken by another program. Stop it, or choose another port: DRIZZL_PORT=8081 make run"
        }
    }

    /// Finds out whether a port can be listened on; 0 always can.
    ///
    /// - Throws: ``Taken``.
    static func demandFree(_ port: Int, host: String) throws {
        guard port > 0 else { return }
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        // As the server does: a port that only lingers after its last owner is free.
        var reuse: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        guard inet_pton(AF_INET, host == "localhost" ? "127.0.0.1" : host, &address.sin_addr) == 1 else { return }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if result != 0, errno == EADDRINUSE { throw Taken(port: port) }
    }
}
