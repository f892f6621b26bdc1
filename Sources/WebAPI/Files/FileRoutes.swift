import Accounts
import Crypto
import Database
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import StateMachines

/// Files that people send, and those that the house makes, for whoever may see the record they belong to.
struct FileRoutes {
    let dependencies: WebDependencies

    /// How long an address may be used that leads to a file's bytes.
    private static let linkLife: TimeInterval = 300
    /// How long a file may take to arrive.
    private static let uploadTime = Duration.seconds(900)

    var operations: [Operation] {
        [
            Operation(
                .post, "/api/v1/files", "Send a file, as the body, that belongs to a record", tag: "Files",
                access: .signedIn(), scope: .rows(of: .files),
                parameters: [
                    Parameter(.query, "machine", .text(1...64), "The kind of record.", isRequired: true),
                    Parameter(.query, "record", .id, "The record.", isRequired: true),
                    Parameter(.query, "name", .text(1...200), "The file's name.", isRequired: true),
                ],
                upload:
                    "The file's bytes. Taken are \(FileKind.allCases.map(\.rawValue).joined(separator: ", ")), "
                    + "told by what is in them.",
                answers: [.json(Self.schema, "It is kept.", status: 201)], problems: [404],
                handler: receive),
            Operation(
                .post, "/api/v1/files/{id}/link",
                "An address for a file's bytes, good for five minutes and this session",
                tag: "Files", access: .signedIn(), scope: .rows(of: .files),
                answers: [.json(.named("FileLink", .object([.init("url", .text()), .init("expires_at", .moment)])))],
                handler: link),
            Operation(
                .get, "/api/v1/files/{id}/content", "A file's bytes, by an address that was asked for", tag: "Files",
                access: .signedIn(), scope: .rows(of: .files),
                parameters: [
                    Parameter(.query, "expires", .integer(0...Int64.max), "As in the address.", isRequired: true),
                    Parameter(.query, "signature", .text(1...200), "As in the address.", isRequired: true),
                ],
                answers: [.content("application/octet-stream", "The bytes, as an attachment.")], problems: [403],
                handler: send),
        ]
    }

    private static let schema = Schema.named(
        "SentFile",
        .object([
            .init("id", .id), .init("name", .text()), .init("mime", .text()), .init("size_bytes", .integer()),
            .init("sha256", .text()), .init("machine", .text()), .init("record_id", .id), .init("created_at", .moment),
        ]))

    @Sendable private func receive(_ visit: Visit) async throws -> Response {
        let query = try visit.query()
        guard let machine = query["machine"], let name = query["name"],
            let record = UUID(uuidString: query["record"] ?? "")
        else { throw Problem.notFound("record") }
        let (_, rights) = try await visit.read(
            ["SELECT visitor.sees(\(machine), \(record)) AS sees, visitor.owns(\(machine), \(record)) AS owns"])
        guard try rights[0].rows.first?.value("sees") == true else { throw Problem.notFound("record") }
        guard try rights[0].rows.first?.value("owns") == true else {
            throw Problem.forbidden("not_yours", "Whose record it is may add files to it.")
        }
        let (id, key, gauge) = (UUID.v7(), Self.makeKey(), FileGauge(name: name))
        let (store, context, body) = (dependencies.files, visit.context, visit.request.body)
        do {
            try await visit.request.inTime(Self.uploadTime) {
                try await store.keep(body.map { try gauge.pass($0) }, as: key, for: context)
            }
        } catch {
            throw gauge.fault ?? error
        }
        do {
            let file = try gauge.measure()
            let row = try await visit.write { visitor, session in
                try session.first(
                    """
                    INSERT INTO files (id, storage_key, name, mime, size_bytes, sha256, machine, record_id, kept_in,
                        uploaded_by_kind, uploaded_by)
                    VALUES (\(id), \(key), \(name), \(file.kind.rawValue), \(file.size), \(file.sha256), \(machine),
                        \(record), 'disk', \(visitor.kind.rawValue), \(visitor.id))
                    RETURNING id, name, mime, size_bytes, sha256, machine, record_id, created_at
                    """)
            }
            guard let row else { throw Problem.notFound("record") }
            return Response(json: try Self.json(row), status: .created)
        } catch {
            await store.remove(key)
            throw error
        }
    }

    @Sendable private func link(_ visit: Visit) async throws -> Response {
        let id: UUID = try await row(visit).value("id")
        guard let credential = visit.context.credential else { throw Problem.notSignedIn }
        let expiry = dependencies.now().addingTimeInterval(Self.linkLife)
        let seconds = Int64(expiry.timeIntervalSince1970)
        let signature = Data(credential.signature(of: Self.signed(id, seconds))).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        let address = "/api/v1/files/\(id.uuidString.lowercased())/content?expires=\(seconds)&signature=\(signature)"
        return Response(json: .object(["url": .string(address), "expires_at": .moment(expiry)]))
    }

    @Sendable private func send(_ visit: Visit) async throws -> Response {
        let row = try await row(visit)
        let query = try visit.query()
        let id: UUID = try row.value("id")
        guard let credential = visit.context.credential, let seconds = query["expires"].flatMap({ Int64($0) }),
            TimeInterval(seconds) > dependencies.now().timeIntervalSince1970,
            let signature = Self.bytes(query["signature"] ?? ""),
            credential.isSignature(signature, of: Self.signed(id, seconds))
        else {
            throw Problem.forbidden("link_invalid", "This address is of another session, or too old. Ask for another.")
        }
        let kept = try await dependencies.pool.query(
            "SELECT storage_key, kept_in, content FROM files WHERE id = \(id)")
        guard let place = kept.first else { throw Problem.notFound("file") }
        let body: ResponseBody =
            if let content: [UInt8] = try place.optional("content") {
                ResponseBody(byteBuffer: ByteBuffer(bytes: content))
            } else {
                try await dependencies.files.content(of: place.value("storage_key"), for: visit.context)
            }
        return Response(
            status: .ok,
            headers: [
                .contentType: try row.value("mime"), .contentDisposition: Self.attachment(try row.value("name")),
                .contentSecurityPolicy: "sandbox; default-src 'none'",
            ], body: body)
    }

    /// The file of the path, if the visitor may see it.
    private func row(_ visit: Visit) async throws -> Row {
        let id = try visit.id(of: "file")
        let (_, results) = try await visit.read { kind in
            [
                """
                SELECT id, name, mime, size_bytes, sha256, machine, record_id, created_at
                FROM files f
                WHERE f.id = \(id) AND \(Scoping.predicate(for: .files, of: kind, alias: "f"))
                """
            ]
        }
        guard let row = results[0].rows.first else { throw Problem.notFound("file") }
        return row
    }

    private static func json(_ row: Row) throws -> JSONValue {
        let digest: [UInt8] = try row.value("sha256")
        return .object([
            "id": .id(try row.value("id", as: UUID.self)), "name": .string(try row.value("name")),
            "mime": .string(try row.value("mime")), "size_bytes": .integer(try row.value("size_bytes")),
            "sha256": .string(hex(digest)), "machine": .string(try row.value("machine")),
            "record_id": .id(try row.value("record_id", as: UUID.self)),
            "created_at": .moment(try row.value("created_at", as: Date.self)),
        ])
    }

    /// An address tells nothing of the file or of any other.
    private static func makeKey() -> String {
        SymmetricKey(size: .bits256).withUnsafeBytes { hex($0) }
    }

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    private static func signed(_ id: UUID, _ expiry: Int64) -> String { "file/\(id.uuidString)/\(expiry)" }

    private static func bytes(_ text: String) -> [UInt8]? {
        let usual = text.replacing("-", with: "+").replacing("_", with: "/")
        let padding = String(repeating: "=", count: (4 - usual.utf8.count % 4) % 4)
        return Data(base64Encoded: usual + padding).map(Array.init)
    }

    /// Saved and not shown, whatever the browser makes of its kind; the name for old browsers and, as it is, for others.
    private static func attachment(_ name: String) -> String {
        let plain = name.map { $0.isASCII && ($0.isLetter || $0.isNumber || " ._-()".contains($0)) ? $0 : "_" }
        let whole = name.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        return "attachment; filename=\"\(String(plain))\"; filename*=UTF-8''\(whole)"
    }
}
