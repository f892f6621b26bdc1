import HTTPTypes
import Hummingbird
import NIOCore
import StateMachines

extension Response {
    /// An answer in JSON.
    init(json value: JSONValue, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) {
        var headers = headers
        if headers[.contentType] == nil { headers[.contentType] = "application/json" }
        self.init(
            status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: value.json + "\n")))
    }
}
