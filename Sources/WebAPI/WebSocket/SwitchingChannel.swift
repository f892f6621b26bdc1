import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// A connection that speaks HTTP/1.1, and WebSocket from the moment when a route answers 101.
///
/// NIO's own upgrader asks before the request reaches a route, and leaves a refused one without an answer (swift-nio
/// issue 2632). Here an upgrade is a route as any other: what keeps strangers out of those keeps them out of this.
struct SwitchingChannel: ServerChildChannel, HTTPChannelHandler {
    typealias Value = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    let responder: HTTPChannelHandler.Responder
    /// How long nothing may come while no request is being answered.
    let idleTimeout: Duration

    /// Puts the handlers in place: those of Hummingbird's own HTTP/1.1, and the gate.
    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            var limits = NIOHTTPDecoderLimitConfiguration()
            (limits.maxHeaderFieldSize, limits.maxHeaderListSize) = (80 << 10, 80 << 10)
            let encoder = HTTPResponseEncoder(configuration: .init())
            // Frames may come close behind the request.
            let decoder = ByteToMessageHandler(
                HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: limits))
            let codec = HTTP1ToHTTPServerCodec(secure: false)
            let state = HTTPConnectionStateHandler(idleTimeout: idleTimeout, logger: logger)
            let gate = UpgradeGate { gate in
                for handler in [state, codec, encoder] as [any RemovableChannelHandler] {
                    pipeline.removeHandler(handler, promise: nil)
                }
                try pipeline.addHandlers(SocketLimits.handlers(), position: .before(gate))
                // It hands on what came early.
                pipeline.removeHandler(decoder, promise: nil)
            }
            try pipeline.addHandlers([encoder, decoder, codec, gate, state] as [any ChannelHandler])
            return try Value(
                wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
        }
    }

    /// Answers what comes, until the connection ends.
    func handle(value: Value, logger: Logger) async {
        await withTaskExecutorPreference(LoopExecutor(value.channel.eventLoop)) {
            await handleHTTP(asyncChannel: value, logger: logger)
        }
    }
}
