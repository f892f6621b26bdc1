public import Database
public import Foundation

extension Session {
    /// Puts jobs into the queue, in the transaction that is open; see ``Queue/enqueue(_:now:)``.
    ///
    /// Wakes nobody: after the commit, tell the ``QueueWaker``.
    ///
    /// - Parameters:
    ///   - jobs: What is to be done.
    ///   - seal: The keys; needed when one of them is sealed.
    ///   - now: The caller's clock.
    /// - Returns: What became of each, in their order.
    /// - Throws: ``PayloadSealError/noKey(kind:)``; `EncodingError`; `DatabaseError`.
    @discardableResult
    public func enqueue(
        _ jobs: any JobPayload..., sealedWith seal: PayloadSeal? = nil, now: Date
    ) throws -> [JobPlacement] {
        try query(Queue.enqueue(jobs, sealedWith: seal, now: now)).map { try JobPlacement(row: $0) }
    }
}
