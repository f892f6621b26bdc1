import NIOCore
import NIOWebSocket

/// How much is taken from whoever is connected by WebSocket, and how long silence lasts.
enum SocketLimits {
    /// The largest frame, bytes.
    ///
    /// Our clients have little to say: what they want to hear stands in the address.
    static let frameBytes = 4 << 10
    /// The largest message, bytes, however many frames it comes in.
    static let messageBytes = 16 << 10
    /// The most frames of one message.
    static let framesOfMessage = 64
    /// How long nothing may come before it is asked whether anybody is there; who has not answered by the next time is not.
    static let silence = TimeAmount.seconds(20)
    /// How long the other side has to say that it closes too.
    static let farewell = TimeAmount.seconds(1)

    /// The handlers of a connection that speaks WebSocket, from the wire inwards.
    static func handlers() -> [any ChannelHandler] {
        [
            WebSocketFrameEncoder(), ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: frameBytes)),
            IdleStateHandler(readTimeout: silence), SocketControl(),
            NIOWebSocketFrameAggregator(
                minNonFinalFragmentSize: 0, maxAccumulatedFrameCount: framesOfMessage,
                maxAccumulatedFrameSize: messageBytes),
            SocketMessages(),
        ]
    }
}
