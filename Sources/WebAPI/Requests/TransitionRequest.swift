import Foundation
import HTTPTypes
import Hummingbird
import StateMachines

/// The body of a request for a move, read as far as it can be told without the record.
struct TransitionRequest {
    /// The command's id: the client's, or one of ours when it sent none.
    var id: UUID
    var move: String
    var inputs: [String: JSONValue]
    var expectedSeq: Int?
    var isDryRun: Bool

    private static let known: Set<String> = ["move", "inputs", "expected_seq", "dry_run"]

    /// Reads header and body.
    ///
    /// - Throws: ``Problem`` 400 for an `Idempotency-Key` that is no UUID; 422 with every fault of the body at once.
    init(key: String?, body: JSONValue) throws(Problem) {
        id = try Self.id(key)
        guard case .object(let members) = body else {
            throw Problem(
                .unprocessableContent,
                faults: [.init(code: "wrong_type", message: "The body must be an object such as {\"move\": \"…\"}.")])
        }
        var faults: [Refusal.Reason] = []
        func fault(_ code: String, _ message: String, _ field: String) {
            faults.append(.init(code: code, message: message, field: field))
        }
        move = ""
        switch members["move"] ?? .null {
        case .string(let name) where !name.isEmpty: move = name
        case .null: fault("field_missing", "\"move\" is missing: name the move.", "move")
        default: fault("wrong_type", "\"move\" must be a text: the name of a move.", "move")
        }
        inputs = [:]
        switch members["inputs"] ?? .null {
        case .object(let given): inputs = given
        case .null: break
        default: fault("wrong_type", "\"inputs\" must be an object with the move's inputs by name.", "inputs")
        }
        switch members["expected_seq"] ?? .null {
        case .integer(let seq) where (0...Int64(Int32.max)).contains(seq): expectedSeq = Int(seq)
        case .null: break
        default: fault("wrong_type", "\"expected_seq\" must be a whole number: the seq that you saw.", "expected_seq")
        }
        isDryRun = false
        switch members["dry_run"] ?? .null {
        case .boolean(let flag): isDryRun = flag
        case .null: break
        default: fault("wrong_type", "\"dry_run\" must be true or false.", "dry_run")
        }
        for name in members.keys.sorted() where !Self.known.contains(name) {
            fault(
                "field_unknown", "\"\(name.prefix(64))\" is not known; known are move, inputs, expected_seq, dry_run.",
                name)
        }
        guard faults.isEmpty else { throw Problem(.unprocessableContent, faults: faults) }
    }

    /// Reads an `Idempotency-Key`, with or without the quotes of a structured header.
    static func id(_ key: String?) throws(Problem) -> UUID {
        guard let key else { return UUID() }
        let bare =
            key.hasPrefix("\"") && key.hasSuffix("\"") && key.count > 1 ? String(key.dropFirst().dropLast()) : key
        // Version 8 is what the engine derives for its own commands; nobody may take one of those beforehand.
        guard let id = UUID(uuidString: bare), id.uuid.6 >> 4 != 8 else {
            throw Problem(
                .badRequest, code: "idempotency_key_invalid", title: Problem.title(of: .badRequest),
                detail: "Idempotency-Key must be one UUID of version 4 or 7, such as "
                    + "0198c1f2-6a51-7cc4-b2a4-3f1f6f0d7a10.")
        }
        return id
    }
}
