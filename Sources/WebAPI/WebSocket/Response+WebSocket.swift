import Crypto
import Foundation
import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOWebSocket

extension Response {
    /// Goes on as a WebSocket (RFC 6455).
    ///
    /// - Parameters:
    ///   - request: The request, which asks for it.
    ///   - tell: Sends what there is to tell, and returns the code with which the connection is to close; that the
    ///     other side has gone, it sees by the connection.
    /// - Returns: The answer.
    /// - Throws: ``Problem`` 426 for another version of the protocol, 400 without a right key.
    static func webSocket(
        to request: Request,
        _ tell: @escaping @Sendable (_ send: (ByteBuffer) async throws -> Void) async throws -> WebSocketErrorCode
    ) throws -> Response {
        guard request.headers[.secWebSocketVersion] == "13" else { throw Problem.otherWebSocket }
        guard let key = request.headers[.secWebSocketKey], Data(base64Encoded: key)?.count == 16 else {
            throw Problem(
                .badRequest, code: "websocket_key", title: Problem.title(of: .badRequest),
                detail: "Sec-WebSocket-Key takes 16 bytes in Base64.")
        }
        // What RFC 6455 asks for, which is no matter of secrecy.
        let proof = Insecure.SHA1.hash(data: Data((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8))
        return Response(
            status: .switchingProtocols,
            headers: [
                .upgrade: "websocket", .connection: "upgrade",
                .secWebSocketAccept: Data(proof).base64EncodedString(),
            ],
            body: ResponseBody { writer in
                let shared = OneWriter(base: writer)
                var code = WebSocketErrorCode.unexpectedServerError
                do { code = try await tell { text in try await shared.write(text) } } catch {
                    // To nobody, if that is why.
                }
                try await writer.finish([.socketCloseCode: "\(UInt16(webSocketErrorCode: code))"])
            })
    }
}

/// The writer of one answer, which is written to out of a closure.
///
/// Unchecked, because the task that lends it waits meanwhile: it is never used by two at once.
struct OneWriter: @unchecked Sendable {
    let base: any ResponseBodyWriter

    func write(_ part: ByteBuffer) async throws {
        var writer = base
        try await writer.write(part)
    }
}

extension Problem {
    /// A version of WebSocket that is not spoken here.
    fileprivate static var otherWebSocket: Problem {
        Problem(
            .upgradeRequired, code: "websocket_version", title: title(of: .upgradeRequired),
            detail: "Version 13 of WebSocket is spoken here."
        ).with(.secWebSocketVersion, "13").with(.upgrade, "websocket")
    }
}
