import NIOCore
import NIOWebSocket

/// Keeps the rules of RFC 6455 that are not about messages: masking, pings, and how a connection is closed.
///
/// It closes by saying so and then hearing nothing any more, until the other side says the same or a moment has passed:
/// a socket that is closed with bytes unread takes back what it has just said.
final class SocketControl: ChannelDuplexHandler {
    typealias InboundIn = WebSocketFrame
    typealias InboundOut = WebSocketFrame
    typealias OutboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private var isAwaitingPong = false
    private var isClosing = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        isAwaitingPong = false
        if isClosing {
            if frame.opcode == .connectionClose { context.close(promise: nil) }
            return
        }
        guard frame.maskKey != nil, !frame.rsv1, !frame.rsv2, !frame.rsv3 else {
            return finish(context, .protocolError)
        }
        switch frame.opcode {
        case .text, .binary, .continuation: context.fireChannelRead(data)
        case .ping: say(.pong, frame.unmaskedData, context)
        case .pong: break
        case .connectionClose:
            finish(context, frame.answerToClose)
            context.close(promise: nil)
        default: finish(context, .protocolError)
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        var frame = unwrapOutboundIn(data)
        if isClosing {
            promise?.fail(ChannelError.ioOnClosedChannel)
        } else if frame.opcode == .connectionClose {
            finish(context, frame.data.readWebSocketErrorCode() ?? .normalClosure)
            promise?.succeed()
        } else {
            context.write(data, promise: promise)
        }
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        // That nothing more is to be told, the frame has said; the connection ends as a whole.
        guard mode != .output else {
            promise?.succeed()
            return
        }
        context.close(mode: mode, promise: promise)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent: finish(context, .goingAway)
        case is IdleStateHandler.IdleStateEvent:
            guard !isAwaitingPong else { return context.close(promise: nil) }
            isAwaitingPong = true
            say(.ping, ByteBuffer(), context)
        case ChannelEvent.inputClosed: context.close(promise: nil)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case NIOWebSocketError.invalidFrameLength: finish(context, .messageTooLarge)
        case is NIOWebSocketError: finish(context, .protocolError)
        default: context.fireErrorCaught(error)
        }
    }

    private func say(_ opcode: WebSocketOpcode, _ data: ByteBuffer, _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(WebSocketFrame(fin: true, opcode: opcode, data: data)), promise: nil)
    }

    private func finish(_ context: ChannelHandlerContext, _ code: WebSocketErrorCode) {
        guard !isClosing else { return }
        isClosing = true
        var data = ByteBuffer()
        data.write(webSocketErrorCode: code)
        say(.connectionClose, data, context)
        context.eventLoop.scheduleTask(in: SocketLimits.farewell) { [channel = context.channel] in
            channel.close(promise: nil)
        }
    }
}

extension WebSocketFrame {
    /// With which code to answer a frame that closes.
    fileprivate var answerToClose: WebSocketErrorCode {
        var data = unmaskedData
        guard data.readableBytes > 0 else { return .normalClosure }
        guard let code = data.readWebSocketErrorCode() else { return .protocolError }
        switch UInt16(webSocketErrorCode: code) {
        case 1000...1003, 1007...1014, 3000...4999: break
        default: return .protocolError
        }
        return data.isText ? code : .dataInconsistentWithMessage
    }
}

extension ByteBuffer {
    /// Whether what can be read is UTF-8.
    var isText: Bool { withUnsafeReadableBytes { String(validating: $0, as: UTF8.self) != nil } }
}
