import Database
import Foundation
import Hummingbird

/// The limit that the API is measured against: a bare route with one statement, and nothing that knows who asks.
@main
struct Main {
    static func main() async throws {
        let words = CommandLine.arguments
        guard words.count == 3, let port = Int(words[2]) else {
            print("usage: BareRoute DATABASE-URL PORT")
            exit(64)
        }
        let pool = Pool(DatabaseConfiguration(url: words[1], maximumConnections: 16))
        let router = Router()
        router.get("/orders/{id}") { request, context in
            guard let id = UUID(uuidString: try context.parameters.require("id")) else {
                throw HTTPError(.notFound)
            }
            let rows = try await pool.query(
                """
                SELECT json_build_object('id', o.id, 'order_number', o.order_number, 'status', o.status, 'seq', o.seq,
                    'partner_id', o.partner_id, 'total_cents', o.total_cents, 'created_at', o.created_at)::text AS body
                FROM orders o WHERE o.id = \(id)
                """)
            guard let body: String = try rows.first?.value("body") else { throw HTTPError(.notFound) }
            return Response(
                status: .ok, headers: [.contentType: "application/json"],
                body: .init(byteBuffer: ByteBuffer(string: body)))
        }
        try await Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: port))
        ).runService()
    }
}
