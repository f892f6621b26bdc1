import Foundation

/// Threads for what blocks, a few at once, so that nobody else's tasks wait for a disk or for another's server.
struct BlockingWork: Sendable {
    private let queue: OperationQueue

    init(atOnce limit: Int = 8) {
        queue = OperationQueue()
        queue.maxConcurrentOperationCount = limit
    }

    /// Does something on one of the threads.
    ///
    /// - Throws: What the body throws.
    func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.addOperation { continuation.resume(with: Result { try body() }) }
        }
    }
}
