internal import CLibPQ

/// Asks the server to stop whatever a connection is running.
///
/// Unchecked: libpq's cancel object is never changed after it was made, and `PQcancel` may be called from any thread.
final class CancelHandle: @unchecked Sendable {
    private let pointer: OpaquePointer?

    init(connection: OpaquePointer) {
        pointer = PQgetCancel(connection)
    }

    deinit { PQfreeCancel(pointer) }

    /// Sends the request over a connection of its own and returns when the server has taken it.
    ///
    /// Blocks.
    ///
    /// Whether it had an effect shows only in the statement's own result, so the answer is not looked at.
    func send() {
        guard let pointer else { return }
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { message in
            _ = PQcancel(pointer, message.baseAddress, Int32(message.count))
        }
    }
}
