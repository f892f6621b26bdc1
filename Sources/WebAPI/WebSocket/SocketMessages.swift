import HTTPTypes
import NIOCore
import NIOHTTPTypes
import NIOWebSocket

/// Makes each part of an answer's body a message, and its end the end of the connection.
///
/// What the other side says is looked at and dropped: nobody here listens to messages, and if they were kept for
/// somebody, pings and farewells would wait behind them.
final class SocketMessages: ChannelDuplexHandler {
    typealias InboundIn = WebSocketFrame
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = WebSocketFrame

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        if frame.opcode == .text, !frame.unmaskedData.isText {
            finish(context, .dataInconsistentWithMessage, promise: nil)
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head: promise?.succeed()
        case .body(let text):
            context.write(
                wrapOutboundOut(WebSocketFrame(fin: true, opcode: .text, data: text)), promise: promise)
        case .end(let fields):
            let code = fields?[.socketCloseCode].flatMap { Int($0) }.map { WebSocketErrorCode(codeNumber: $0) }
            finish(context, code ?? .normalClosure, promise: promise)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case NIOWebSocketFrameAggregator.Error.accumulatedFrameSizeIsTooLarge:
            finish(context, .messageTooLarge, promise: nil)
        case is NIOWebSocketFrameAggregator.Error: finish(context, .protocolError, promise: nil)
        default: context.fireErrorCaught(error)
        }
    }

    private func finish(_ context: ChannelHandlerContext, _ code: WebSocketErrorCode, promise: EventLoopPromise<Void>?)
    {
        var data = ByteBuffer()
        data.write(webSocketErrorCode: code)
        context.writeAndFlush(
            wrapOutboundOut(WebSocketFrame(fin: true, opcode: .connectionClose, data: data)), promise: promise)
    }
}
