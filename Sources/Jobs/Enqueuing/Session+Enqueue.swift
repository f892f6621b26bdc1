public import Database
public import Foundation

extension Session {
    /// Puts jobs into the queue, in the transaction that is open; see ``Queue/enqueue(_:now:)``.
    ///
    /// Wakes nobody: after the commit, give the answer to ``QueueWaker/wake(_:)``.
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
        try enqueue(try jobs.map { try $0.request(sealedWith: seal) }, now: now)
    }

    /// Puts jobs into the queue, of which some wait for others or belong to a batch; see
    /// ``JobPayload/request(runAt:after:batch:sealedWith:)``.
    ///
    /// - Parameters:
    ///   - requests: What is to be done.
    ///   - now: The caller's clock.
    /// - Returns: What became of each, in their order.
    /// - Throws: `DatabaseError`.
    @discardableResult
    public func enqueue(_ requests: [JobRequest], now: Date) throws(DatabaseError) -> [JobPlacement] {
        try query(Queue.enqueue(requests, now: now)).map { row throws(DatabaseError) in try JobPlacement(row: row) }
    }
}
