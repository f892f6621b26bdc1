import Accounts
import NIOCore
import ServiceLifecycle
import Synchronization

/// What is told to one client over one connection.
struct LiveStream: Sendable {
    let hub: LiveHub
    let viewer: LiveViewer
    let credential: Credential
    /// The last change that the client has; nil: it wants to hear from now on.
    let after: Int64?
    let channel: any Channel

    /// Tells until the client goes, is cut, or the process stops.
    ///
    /// - Parameter send: Sends one message, and waits while the client does not take it.
    /// - Returns: Why there is no more to be told.
    /// - Throws: What `send` throws; `DatabaseError`.
    func run(_ send: (LiveMessage) async throws -> Void) async throws -> LiveEnd {
        let ending = Ending()
        let membership = try await hub.join(as: viewer, with: credential, cut: cut(ending))
        // Rather than by a task of its own that reads what never comes: of those there would be thousands.
        channel.closeFuture.whenComplete { [mailbox = membership.mailbox] _ in mailbox.finish() }
        do {
            try await withGracefulShutdownHandler {
                try await tell(membership, send)
            } onGracefulShutdown: {
                membership.mailbox.finish()
            }
        } catch {
            await hub.leave(membership.id)
            throw error
        }
        await hub.leave(membership.id)
        return ending.end.withLock(\.self)
    }

    /// Why it ended; unless something else is said, because the process stops.
    private final class Ending: Sendable {
        let end = Mutex(LiveEnd.stopping)
    }

    private func tell(_ membership: LiveMembership, _ send: (LiveMessage) async throws -> Void) async throws {
        var known = after ?? membership.from
        if let after, try await !hub.remembers(after) {
            known = membership.from
            try await send(.reset(known))
        } else {
            try await send(.ready(known))
            var next: Int64? = known
            while let from = next, from < membership.from {
                let page = try await hub.missed(after: from, through: membership.from, by: viewer)
                for change in page.changes { try await send(LiveMessage(change)) }
                next = page.next
            }
        }
        for await message in membership.messages {
            // Another process may have been ahead of this one when the client was there.
            if let number = message.change, number <= known { continue }
            try await send(message)
        }
    }

    /// The stream ends by itself when its mailbox is closed, unless it waits for a client that takes nothing.
    private func cut(_ ending: Ending) -> @Sendable (LiveEnd) -> Void {
        { [channel] end in
            ending.end.withLock { $0 = end }
            channel.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
        }
    }
}
