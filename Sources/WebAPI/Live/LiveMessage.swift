import NIOCore
import StateMachines

/// What a stream tells, written once for all who hear it.
struct LiveMessage: Sendable {
    /// The change that it tells of, if it does.
    let change: Int64?
    /// As a part of a stream of Server-Sent Events.
    let event: ByteBuffer
    /// As a message of a WebSocket.
    let text: ByteBuffer

    /// A record has changed.
    init(_ change: LiveChange) { self.init("change", change.number, change.json, change: change.number) }

    private init(_ name: String, _ number: Int64, _ data: JSONValue, change: Int64? = nil) {
        self.init(
            change: change, event: "id: \(number)\nevent: \(name)\ndata: \(data.json)\n\n",
            text: #"{"event":"\#(name)","id":\#(number),"data":\#(data.json)}"#)
    }

    private init(change: Int64?, event: String, text: String) {
        (self.change, self.event, self.text) = (change, ByteBuffer(string: event), ByteBuffer(string: text))
    }

    /// The stream has begun: what follows comes after this number.
    static func ready(_ number: Int64) -> LiveMessage {
        LiveMessage("ready", number, .object(["number": .integer(number)]))
    }

    /// Too much was missed to tell it: load anew what is shown.
    ///
    /// What follows comes after this number.
    static func reset(_ number: Int64) -> LiveMessage {
        LiveMessage("reset", number, .object(["number": .integer(number)]))
    }

    /// The stream is alive.
    static let heartbeat = LiveMessage(change: nil, event: ":\n\n", text: #"{"event":"heartbeat"}"#)
}
