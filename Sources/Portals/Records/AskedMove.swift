import Foundation
import StateMachines
import WebAPI

/// A move as a form asks for it.
struct AskedMove {
    let form: Form
    let command: UUID
    let name: String
    let title: String
    let seq: Int
    private let asked: AskedInputs
    private let asks: [Ask]

    /// What the engine is given.
    var inputs: [String: JSONValue] { asked.values }

    /// Reads a form.
    ///
    /// - Throws: `Problem` 400 when it is none of ours.
    init(_ form: Form, machine: Machine) throws(Problem) {
        guard let seq = form["seq"].flatMap({ Int($0) }), let name = form["move"] else { throw Form.incomplete }
        (self.form, self.command, self.name, self.seq) = (form, try form.command, name, seq)
        let move = machine.move(named: name)
        title = move.map { $0.button ?? $0.title } ?? Words.spelled(String(name.prefix(64)))
        asks = move?.inputs ?? []
        asked = AskedInputs(form, for: asks)
    }

    /// Refuses what could not be read, together with every other fault of the inputs.
    ///
    /// - Throws: `Refusal` 422.
    func check() throws(Refusal) { try asked.check(for: asks) }
}

extension Form {
    static var incomplete: Problem { unreadable("The form lacks one of its hidden fields. Load the page again.") }

    /// The id of the command that the form was made with: pressing its button twice is one command.
    var command: UUID {
        get throws(Problem) {
            // As for an Idempotency-Key: ids of version 8 are the engine's own.
            guard let command = self["command"].flatMap({ UUID(uuidString: $0) }), command.uuid.6 >> 4 != 8 else {
                throw Self.incomplete
            }
            return command
        }
    }
}
