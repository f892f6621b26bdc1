internal import Database
internal import Foundation
internal import Jobs

/// The handlers of a process, one for each kind.
public struct HandlerSet: Sendable {
    private let handlers: [String: AnyJobHandler]

    /// Several handlers want the same kind: the program is put together wrongly.
    public struct DuplicateKinds: Error, CustomStringConvertible {
        /// The kinds, sorted.
        public let kinds: [String]
        /// Names the kinds.
        public var description: String { "several handlers for: \(kinds.joined(separator: ", "))" }
    }

    /// Collects handlers.
    ///
    /// - Parameter handlers: One for each kind.
    /// - Throws: ``DuplicateKinds`` naming all kinds that have several.
    public init(_ handlers: [any JobHandler]) throws(DuplicateKinds) {
        let byKind = Dictionary(grouping: handlers.map { Self.erase($0) }, by: \.kind)
        let duplicates = byKind.filter { $0.value.count > 1 }.keys.sorted()
        guard duplicates.isEmpty else { throw DuplicateKinds(kinds: duplicates) }
        self.handlers = byKind.compactMapValues(\.first)
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

    init<Handler: JobHandler>(_ handler: Handler) {
        kind = Handler.kind
        retry = handler.retry
        timeLimit = handler.timeLimit
        run = { json, context in
            let payload: Handler.Payload
            do {
                payload = try JSONDecoder().decode(Handler.Payload.self, from: Data(json.text.utf8))
            } catch {
                throw UndecodablePayload(error)
            }
            try await handler.run(payload, in: context)
        }
    }
}
