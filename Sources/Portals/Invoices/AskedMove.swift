import Foundation
import StateMachines
import WebAPI

/// A move as a form asks for it.
struct AskedMove {
    /// Before the names of a move's inputs, so that they cannot be taken for the form's own fields.
    static let prefix = "input."

    let form: Form
    let command: UUID
    let name: String
    let title: String
    let seq: Int
    private(set) var inputs: [String: JSONValue] = [:]
    private var faults: [Refusal.Reason] = []
    private let asks: [Ask]

    /// Reads a form.
    ///
    /// - Throws: `Problem` 400 when it is none of ours.
    init(_ form: Form, machine: Machine) throws(Problem) {
        // As for an Idempotency-Key: ids of version 8 are the engine's own.
        guard let command = form["command"].flatMap({ UUID(uuidString: $0) }), command.uuid.6 >> 4 != 8,
            let seq = form["seq"].flatMap({ Int($0) }), let name = form["move"]
        else { throw Form.unreadable("The form lacks one of its hidden fields. Load the page again.") }
        (self.form, self.command, self.name, self.seq) = (form, command, name, seq)
        let move = machine.move(named: name)
        title = move.map { $0.button ?? $0.title } ?? Words.spelled(String(name.prefix(64)))
        asks = move?.inputs ?? []
        for (field, text) in form.values where field.hasPrefix(Self.prefix) {
            let input = String(field.dropFirst(Self.prefix.count))
            read(text, as: input, of: asks.first { $0.name.text == input }?.type ?? .text)
        }
    }

    /// Turns what a person writes into what the engine takes; the rest of the checks is the engine's.
    private mutating func read(_ text: String, as input: String, of type: Ask.Kind) {
        // A field that was left empty was not given.
        let text = text.replacing("\r\n", with: "\n")
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !trimmed.isEmpty else { return }
        switch type {
        case .money, .percent:
            if let hundredths = Self.hundredths(trimmed) {
                inputs[input] = .integer(hundredths)
            } else {
                let example = type == .money ? "an amount in dollars, such as 1,234.50" : "a percentage, such as 12.5"
                faults.append(
                    .init(code: "input_invalid", message: "\(Words.spelled(input)): write \(example).", field: input))
            }
        case .integer: inputs[input] = Int64(trimmed).map(JSONValue.integer) ?? .string(trimmed)
        case .boolean: inputs[input] = .boolean(trimmed == "true")
        case .text: inputs[input] = .string(text)
        case .date, .time, .choice, .file, .reference, .lines: inputs[input] = .string(trimmed)
        }
    }

    /// Refuses what could not be read, together with every other fault of the inputs.
    ///
    /// - Throws: `Refusal` 422.
    func check() throws(Refusal) {
        guard !faults.isEmpty else { return }
        var reasons = faults
        do throws(Refusal) {
            _ = try Inputs(inputs, for: asks)
        } catch {
            reasons += error.reasons.filter { reason in !faults.contains { $0.field == reason.field } }
        }
        throw Refusal(status: 422, reasons: reasons)
    }

    /// Reads `1,234.50` or `$12` as hundredths, exactly; nil for anything else.
    static func hundredths(_ text: String) -> Int64? {
        let bare = (text.hasPrefix("$") ? text.dropFirst() : text[...]).filter { $0 != "," }
        let parts = bare.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), !parts[0].isEmpty, parts[0].utf8.count <= 12,
            parts.count == 1 || (1...2).contains(parts[1].utf8.count),
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }), let whole = Int64(parts[0])
        else { return nil }
        let fraction = parts.count == 2 ? Int64(parts[1].utf8.count == 1 ? parts[1] + "0" : parts[1]) ?? 0 : 0
        return whole * 100 + fraction
    }
}
