import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTPTypes

/// Lets a connection change to WebSocket when a route says so, and ends it when a route says no; ends streams of events
/// whose client has gone.
///
/// After a request that asks to upgrade NIO's decoder reads no other: its connection has to change or to end, or the next
/// request on it would hang (seen 2026-11 with NIO 2.101 and Hummingbird 2.28).
final class UpgradeGate: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let change: (UpgradeGate) throws -> Void
    /// Requests that have come and whose answers are not complete.
    private var unanswered = 0
    /// Whether the last of them asks to upgrade.
    private var isAsked = false
    private var isRefused = false
    private var isStream = false

    /// The type of answers that do not end by themselves.
    static let stream = "text/event-stream"

    /// - Parameter change: Puts the handlers for WebSocket in place of those for HTTP, before this one.
    init(change: @escaping (UpgradeGate) throws -> Void) {
        self.change = change
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data) {
            unanswered += 1
            if head.headerFields.asksForUpgrade { isAsked = true }
        }
        context.fireChannelRead(data)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // Who has said all may still want to hear the answer, but not for ever.
        if isStream, case ChannelEvent.inputClosed = event { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard isAsked, unanswered == 1 else {
            switch unwrapOutboundIn(data) {
            case .head(let head): isStream = head.headerFields[.contentType] == Self.stream
            case .end: unanswered -= 1
            case .body: break
            }
            return context.write(data, promise: promise)
        }
        switch unwrapOutboundIn(data) {
        case .head(let head) where head.status == .switchingProtocols:
            isAsked = false
            context.writeAndFlush(data, promise: promise)
            do { try change(self) } catch { context.close(promise: nil) }
        case .head(var head) where head.status.kind != .informational:
            isRefused = true
            head.headerFields[.connection] = "close"
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end where isRefused:
            context.writeAndFlush(data, promise: promise)
            context.close(promise: nil)
        default:
            context.write(data, promise: promise)
        }
    }
}

extension HTTPFields {
    /// Whether the connection is to change to another protocol, whichever.
    fileprivate var asksForUpgrade: Bool { self[.upgrade] != nil && lists("upgrade", in: .connection) }

    /// Whether a word stands in a list, in any case.
    fileprivate func lists(_ word: String, in name: HTTPField.Name) -> Bool {
        self[values: name].contains { value in
            value.split(separator: ",").contains { part in
                part.trimmingPrefix { $0 == " " }.prefix { $0 != " " }.lowercased() == word
            }
        }
    }
}

extension Request {
    /// Whether it asks to go on as a WebSocket.
    var asksForWebSocket: Bool {
        method == .get && headers.lists("websocket", in: .upgrade) && headers.asksForUpgrade
    }
}
