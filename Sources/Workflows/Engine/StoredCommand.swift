import Crypto
import Database
import Foundation
import StateMachines

/// The row of a command: what it asked, and what it was answered.
enum StoredCommand {
    /// Looks whether the command was done before.
    static func find(_ id: UUID) -> SQL {
        "SELECT request_hash, response FROM workflow_commands WHERE id = \(id)"
    }

    /// Keeps the answer.
    static func insert(_ id: UUID, hash: [UInt8], receipt: Receipt) throws -> SQL {
        """
        INSERT INTO workflow_commands (id, request_hash, response)
        VALUES (\(id), \(hash), \(try receipt.stored))
        """
    }

    /// The stored answer, if the command was done before.
    ///
    /// - Throws: `Refusal` with 422 `command_reused` when the id was used for something else.
    static func answer(in rows: [Row], hash: [UInt8]) throws -> Receipt? {
        guard let row = rows.first else { return nil }
        guard try row.value("request_hash", as: [UInt8].self) == hash else {
            throw Refusal(
                status: 422, code: "command_reused",
                message: "This Idempotency-Key was used for another request. Use a new one.", field: "Idempotency-Key")
        }
        return try Receipt(stored: row.value("response"))
    }
}

extension Command {
    /// The fingerprint of what is asked: everything but the id, and whether it is to be taken back.
    var requestHash: [UInt8] {
        let request: JSONValue = .object([
            "machine": .string(machine), "record": .string(record.uuidString), "move": .string(move),
            "inputs": .object(inputs),
            "actor": .array([.string(actor.kind.rawValue), .string(actor.id?.uuidString ?? ""), .string(actor.role)]),
            "expected_seq": .integer(Int64(expectedSeq ?? -1)),
        ])
        return Array(SHA256.hash(data: Data(request.json.utf8)))
    }
}

extension Receipt {
    /// The receipt as it is kept: moments as seconds, whole with their fractions, so that a repeated command gets the very
    /// same answer.
    var stored: JSON {
        get throws { JSON(text: String(decoding: try Self.encoder.encode(self), as: UTF8.self)) }
    }

    private static let encoder = {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .secondsSince1970
        return encoder
    }()

    /// Reads a receipt that was kept.
    init(stored: JSON) throws {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .secondsSince1970
        self = try decoder.decode(Receipt.self, from: Data(stored.text.utf8))
    }
}
