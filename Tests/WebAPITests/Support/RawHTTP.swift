import Foundation
import NIOCore
import NIOPosix

/// An answer, as it came over the wire.
struct RawAnswer: Sendable {
    var status: Int
    /// Names in lower case.
    var headers: [String: String]
    var body: [UInt8]
    /// Every `Set-Cookie` header.
    var setCookies: [String] = []

    var text: String { String(decoding: body, as: UTF8.self) }
}

/// A connection on which any bytes can be sent, right or wrong.
struct RawConnection {
    enum Failure: Error { case closed, timedOut }

    let inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>

    /// Connects to this machine for the length of `body`.
    static func with<Value: Sendable>(
        port: Int, _ body: @Sendable (RawConnection) async throws -> Value
    ) async throws -> Value {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.seconds(5))
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(IdleStateHandler(readTimeout: .seconds(60)))
                    try channel.pipeline.syncOperations.addHandler(CloseWhenIdle())
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await body(RawConnection(inbound: inbound.makeAsyncIterator(), outbound: outbound))
        }
    }

    /// Sends bytes as they are.
    func send(_ bytes: [UInt8]) async throws {
        try await outbound.write(ByteBuffer(bytes: bytes))
    }

    /// Reads one answer.
    ///
    /// - Parameter isHead: Whether it answers HEAD and so has no body.
    /// - Returns: The answer.
    /// - Throws: ``Failure`` when the connection ends before it.
    func answer(isHead: Bool = false) async throws -> RawAnswer {
        var received: [UInt8] = []
        var iterator = inbound
        let blank = Array("\r\n\r\n".utf8)
        while true {
            if let end = received.firstRange(of: blank) {
                let lines = String(decoding: received[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
                var headers: [String: String] = [:]
                var setCookies: [String] = []
                for line in lines.dropFirst() {
                    let parts = line.split(separator: ":", maxSplits: 1)
                    let value = parts[1].trimmingCharacters(in: .whitespaces)
                    headers[parts[0].lowercased()] = value
                    if parts[0].lowercased() == "set-cookie" { setCookies.append(value) }
                }
                let length = isHead ? 0 : Int(headers["content-length"] ?? "0") ?? 0
                let rest = received[end.upperBound...]
                let isChunked = !isHead && headers["transfer-encoding"] == "chunked"
                let body = isChunked ? Self.whole(rest) : rest.count >= length ? Array(rest.prefix(length)) : nil
                if let body {
                    let status = Int(lines[0].split(separator: " ")[1]) ?? 0
                    return RawAnswer(status: status, headers: headers, body: body, setCookies: setCookies)
                }
            }
            guard let next = try await iterator.next(isolation: #isolation) else { throw Failure.closed }
            received += Array(buffer: next)
        }
    }

    /// A body that came in portions, each with its length before it; nil until the last has come.
    private static func whole(_ portions: ArraySlice<UInt8>) -> [UInt8]? {
        var (rest, body) = (portions, [UInt8]())
        while let end = rest.firstRange(of: [13, 10]) {
            guard let length = Int(String(decoding: rest[..<end.lowerBound], as: UTF8.self), radix: 16),
                rest[end.upperBound...].count >= length + 2
            else { return nil }
            if length == 0 { return body }
            body += rest[end.upperBound...].prefix(length)
            rest = rest[end.upperBound...].dropFirst(length + 2)
        }
        return nil
    }
}

/// A server that hangs must fail a test and not hold it up.
private final class CloseWhenIdle: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
    }
}
