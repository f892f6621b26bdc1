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
        switch self {
        case .ready(let number): Self.event("ready", number, .object(["number": .integer(number)]))
        case .reset(let number): Self.event("reset", number, .object(["number": .integer(number)]))
        case .change(let change): Self.event("change", change.number, change.json)
        case .heartbeat: ":\n\n"
        }
    }

    private static func event(_ name: String, _ number: Int64, _ data: JSONValue) -> String {
        "id: \(number)\nevent: \(name)\ndata: \(data.json)\n\n"
    }
}
