import Foundation
import StateMachines

/// What a stream tells.
enum LiveMessage: Sendable {
    /// The stream has begun: what follows comes after this number.
    case ready(Int64)
    /// Too much was missed to tell it: load anew what is shown. What follows comes after this number.
    case reset(Int64)
    /// A record has changed.
    case change(LiveChange)
    /// The stream is alive.
    case heartbeat

    /// As a part of a stream of Server-Sent Events.
    var event: String {
        guard let (name, number, data) = parts else { return ":\n\n" }
        return "id: \(number)\nevent: \(name)\ndata: \(data.json)\n\n"
    }

    /// As a message of a WebSocket.
    var text: String {
        guard let (name, number, data) = parts else { return #"{"event":"heartbeat"}"# }
        return #"{"event":"\#(name)","id":\#(number),"data":\#(data.json)}"#
    }

    private var parts: (name: String, number: Int64, data: JSONValue)? {
        switch self {
        case .ready(let number): ("ready", number, .object(["number": .integer(number)]))
        case .reset(let number): ("reset", number, .object(["number": .integer(number)]))
        case .change(let change): ("change", change.number, change.json)
        case .heartbeat: nil
        }
    }
}
