internal import Database
internal import Foundation
public import Jobs

/// The handlers of a process, one for each kind.
public struct HandlerSet: Sendable {
    private let handlers: [String: AnyJobHandler]
    /// The keys with which payloads are opened, and follow-ups sealed.
    let seal: PayloadSeal?

    /// Several handlers want the same kind: the program is put together wrongly.
    public struct DuplicateKinds: Error, CustomStringConvertible {
        /// The kinds, sorted.
        public let kinds: [String]
        /// Names the kinds.
        public var description: String { "several handlers for: \(kinds.joined(separator: ", "))" }
    }

    /// Collects handlers.
    ///
    /// - Parameters:
    ///   - handlers: One for each kind; a ``Job`` is its own, ``Job/handler``.
    ///   - seal: The keys of sealed payloads; without the right one a sealed job waits, visibly.
    /// - Throws: ``DuplicateKinds`` naming all kinds that have several.
    public init(_ handlers: [any JobHandler], seal: PayloadSeal? = nil) throws(DuplicateKinds) {
        let byKind = Dictionary(grouping: handlers.map { Self.erase($0) }, by: \.kind)
        let duplicates = byKind.filter { $0.value.count > 1 }.keys.sorted()
        guard duplicates.isEmpty else { throw DuplicateKinds(kinds: duplicates) }
        self.handlers = byKind.compactMapValues(\.first)
        self.seal = seal
    }

    /// The kinds that are handled, sorted.
    public var kinds: [String] { handlers.keys.sorted() }

    private static func erase(_ handler: some JobHandler) -> AnyJobHandler {
        AnyJobHandler(handler)
    }

    subscript(kind: String) -> AnyJobHandler? { handlers[kind] }
}

/// A handler whose payload's type is forgotten.
struct AnyJobHandler: Sendable {
    let kind: String
    let retry: RetryPolicy
    let timeLimit: Duration
    let run: @Sendable (JSON, JobContext) async throws -> Void

    /// One for all payloads: making one takes as long as reading a small payload.
    private static let decoder = JSONDecoder()

    init<Handler: JobHandler>(_ handler: Handler) {
        kind = Handler.kind
        retry = handler.retry
        timeLimit = handler.timeLimit
        run = { json, context in
            let payload: Handler.Payload
            do {
                payload = try Self.decoder.decode(Handler.Payload.self, from: Data(json.text.utf8))
            } catch {
                throw UndecodablePayload(error)
            }
            try await handler.run(payload, in: context)
        }
    }

    /// Opens the payload, decodes it and runs the handler.
    func run(_ job: ClaimedJob, openedWith seal: PayloadSeal?, in context: JobContext) async throws {
        var payload = job.payload
        if let sealed = SealedPayload(payload) {
            guard let seal else { throw PayloadSealError.unknownKey(id: sealed.keyID) }
            payload = try seal.open(payload, kind: job.kind)
        }
        try await run(payload, context)
    }
}
