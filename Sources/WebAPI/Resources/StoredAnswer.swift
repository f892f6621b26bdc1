import Crypto
import Database
import Foundation
import HTTPTypes
import Hummingbird
import StateMachines

/// The answer to a write under an `Idempotency-Key`: kept in the write's transaction, and given again.
struct StoredAnswer: Sendable {
    let key: UUID?
    private let fingerprint: [UInt8]

    /// For how long a key is good.
    private static let life = 30

    /// Reads the request's key.
    ///
    /// - Throws: ``Problem`` 400 for one that is no UUID.
    init(_ visit: Visit, body: JSONValue) throws(Problem) {
        let header = visit.request.headers[.idempotencyKey]
        key = header == nil ? nil : try TransitionRequest.id(header)
        let match = visit.request.headers[.ifMatch] ?? ""
        let content = "\(visit.request.method) \(visit.request.uri.path)\n\(match)\n\(body.json)"
        fingerprint = Array(SHA256.hash(data: Data(content.utf8)))
    }

    /// Asks for the first answer to the key.
    var find: SQL {
        """
        SELECT fingerprint = \(fingerprint) AS is_same, status, body, etag, location FROM request_answers
        WHERE user_kind = visitor.kind() AND user_id = visitor.id() AND key = \(key)
        """
    }

    /// The first answer, of a row of ``find``; nil when there is none.
    ///
    /// - Throws: ``Problem`` 422 when the key came with other content.
    func first(_ row: Row?) throws -> Response? {
        guard let row else { return nil }
        guard try row.value("is_same") == true else {
            throw Problem(
                .unprocessableContent, code: "command_reused", title: Problem.title(of: .unprocessableContent),
                detail: "This Idempotency-Key was used for something else; take a new one.")
        }
        var headers = HTTPFields()
        headers[.eTag] = try row.optional("etag")
        headers[.location] = try row.optional("location")
        return Response(
            written: try row.value("body"), status: .init(code: try row.value("status", as: Int.self)), headers: headers
        )
    }

    /// Keeps the answer, and forgets what is too old; nothing without a key.
    func keep(_ body: String, status: Int, etag: String?, location: String?) -> [SQL] {
        guard key != nil else { return [] }
        return [
            """
            INSERT INTO request_answers (user_kind, user_id, key, fingerprint, status, body, etag, location)
            VALUES (visitor.kind(), visitor.id(), \(key), \(fingerprint), \(status)::smallint, \(body), \(etag), \(location))
            """,
            """
            DELETE FROM request_answers
            WHERE user_kind = visitor.kind() AND user_id = visitor.id()
              AND created_at < clock_timestamp() - make_interval(days => \(Self.life)::int)
            """,
        ]
    }
}
