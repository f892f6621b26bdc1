public import Database
public import Foundation

/// What a job carries, and what the queue has to know of it.
///
/// All that is given here goes into the queue with the job, so whoever asks for a job need not know who does it: a
/// `Job` of the module Workers does itself, and a `JobHandler` does the payloads of others.
///
/// ```swift
/// struct SendReceipt: JobPayload {
///     static let kind = "send_receipt"
///     var order: UUID
///     var uniqueKey: String? { order.uuidString }
/// }
/// ```
public protocol JobPayload: Codable, Sendable {
    /// The kind of job: a verb such as `send_receipt`, stable for ever, for rows outlive code.
    static var kind: String { get }
    /// The queue whose workers take it: `default`.
    static var queue: String { get }
    /// From 0, the most urgent, to 3; see ``JobPriority``: ``JobPriority/notice``.
    static var priority: Int16 { get }
    /// How often it is tried at most; its handler's own policy may allow fewer: 20.
    static var maxAttempts: Int { get }
    /// Whether the payload is stored sealed, so that only processes with the key read it: no.
    static var isSealed: Bool { get }
    /// Of all live jobs of this kind with the same key there is only one: none.
    ///
    /// Keys are not sealed.
    var uniqueKey: String? { get }
    /// The record it is about, whose page shows it: none.
    var subject: JobSubject? { get }
}

extension JobPayload {
    /// `default`.
    public static var queue: String { "default" }
    /// ``JobPriority/notice``.
    public static var priority: Int16 { JobPriority.notice }
    /// 20.
    public static var maxAttempts: Int { 20 }
    /// No: stored in the clear.
    public static var isSealed: Bool { false }
    /// None: each request makes a job.
    public var uniqueKey: String? { nil }
    /// None.
    public var subject: JobSubject? { nil }

    /// The job as the queue is asked for it; what is not given here can be set afterwards.
    ///
    /// - Parameters:
    ///   - runAt: When it is to run, by the caller's clock; nil is at once.
    ///   - seal: The keys; needed by kinds that are sealed.
    /// - Returns: A request for ``Queue/enqueue(_:now:)``.
    /// - Throws: ``PayloadSealError/noKey(kind:)``; `EncodingError`.
    public func request(runAt: Date? = nil, sealedWith seal: PayloadSeal? = nil) throws -> JobRequest {
        var payload = JSON(text: String(decoding: try JSONEncoder().encode(self), as: UTF8.self))
        if Self.isSealed {
            guard let seal else { throw PayloadSealError.noKey(kind: Self.kind) }
            payload = try seal.seal(payload, kind: Self.kind)
        }
        var request = JobRequest(
            kind: Self.kind, payload: payload, queue: Self.queue, priority: Self.priority, runAt: runAt,
            uniqueKey: uniqueKey, maxAttempts: Self.maxAttempts)
        request.subject = subject
        return request
    }
}

extension Queue {
    /// Puts jobs into the queue as ``enqueue(_:now:)-(_,_)`` does, with all that their types say.
    ///
    /// - Parameters:
    ///   - jobs: What is to be done; none is fine.
    ///   - seal: The keys; needed when one of them is sealed.
    ///   - now: The caller's clock.
    /// - Returns: A statement giving one ``JobPlacement`` for each job, in their order.
    /// - Throws: ``PayloadSealError/noKey(kind:)``; `EncodingError`.
    public static func enqueue(
        _ jobs: [any JobPayload], sealedWith seal: PayloadSeal? = nil, now: Date
    ) throws -> SQL {
        enqueue(try jobs.map { try $0.request(sealedWith: seal) }, now: now)
    }
}
