public import HTTPTypes
import Hummingbird
public import HummingbirdCore
import NIOCore

extension Response {
    /// A page, compressed for those who take it so.
    ///
    /// A page that is compressed tells by its length what is in it, to whoever listens and has some of it chosen. The one
    /// secret that pages hold is the token against forged requests, and that looks different each time
    /// (`SecretToken.masked(_:)`).
    ///
    /// - Parameters:
    ///   - html: The page.
    ///   - request: Who asks for it; nil: it is sent as it is.
    ///   - status: The status of the answer.
    public init(html: String, to request: Request?, status: HTTPResponse.Status = .ok) {
        var headers: HTTPFields = [
            .contentType: "text/html; charset=utf-8", .vary: "Accept-Encoding, Cookie, X-Fragment",
        ]
        var bytes = Array(html.utf8)
        if request?.takesGZip == true, let smaller = GZip.compress(bytes, level: GZip.quick) {
            bytes = smaller
            headers[.contentEncoding] = "gzip"
        }
        self.init(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
