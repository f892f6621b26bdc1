import Foundation
import StateMachines

/// A call, mail or meeting that took place.
struct DemoActivity: Codable, Sendable {
    var at: String
    var type: String
    var rep: String
    /// The lead or partner, `lead:costco`; nil: it is personal.
    var about: String?
    var outcome: String?
    var minutes: Int?
    var subject: String?
    /// When it is planned for; nil: it has happened.
    var planned: String?

    var step: DemoStep {
        var body: [String: JSONValue] = ["type": .string(type)]
        if let planned {
            body["scheduled_at"] = .string("=\(planned)")
        } else {
            body["happened"] = true
            body["scheduled_at"] = .string("=\(at)")
        }
        if let parts = about?.split(separator: ":"), let kind = parts.first, let about {
            body[String(kind)] = .string("@\(about)")
        } else {
            body["is_personal"] = true
        }
        if let outcome { body["outcome"] = .string(outcome) }
        if let minutes { body["duration_minutes"] = .integer(Int64(minutes)) }
        if let subject { body["subject"] = .string(subject) }
        let move = DemoMove(
            at: at, move: "activity.create", of: "activity:\(rep):\(planned ?? at)", by: "rep:\(rep)", with: body)
        return DemoStep(at: at, action: .move(move))
    }
}
