import NIOCore
import NIOEmbedded
import NIOWebSocket
import Testing

@testable import WebAPI

/// Whether anybody is at the other end of a WebSocket.
@Suite struct SocketControlTests {
    private static let silence = IdleStateHandler.IdleStateEvent.read
    private static let pong = WebSocketFrame(
        fin: true, opcode: .pong, maskKey: [0, 0, 0, 0], data: ByteBuffer())

    @Test func `whoever is silent is asked, and closed when there is no answer`() throws {
        let channel = EmbeddedChannel(handler: SocketControl())
        try channel.connect(to: .init(unixDomainSocketPath: "/nowhere")).wait()
        for _ in 0..<3 {
            channel.pipeline.fireUserInboundEventTriggered(Self.silence)
            #expect(try channel.readOutbound(as: WebSocketFrame.self)?.opcode == .ping)
            try channel.writeInbound(Self.pong)
            #expect(channel.isActive)
        }
        channel.pipeline.fireUserInboundEventTriggered(Self.silence)
        channel.pipeline.fireUserInboundEventTriggered(Self.silence)
        #expect(!channel.isActive)
    }

    @Test func `whoever does not return a farewell is not waited for`() throws {
        let channel = EmbeddedChannel(handler: SocketControl())
        try channel.connect(to: .init(unixDomainSocketPath: "/nowhere")).wait()
        channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        #expect(try channel.readOutbound(as: WebSocketFrame.self)?.opcode == .connectionClose)
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: SocketLimits.farewell)
        #expect(!channel.isActive)
    }
}
