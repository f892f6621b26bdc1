import Accounts
import Crypto
import Database
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import StateMachines
import Storage
import Workflows

/// Files that people send, and those that the house makes, for whoever may see the record they belong to.
struct FileRoutes {
    let dependencies: WebDependencies

    /// How long an address may be used that leads to a file's bytes.
    private static let linkLife: TimeInterval = 300
    /// How much of a file is fetched and sent at once.
    private static let portion = 1 << 20

    var operations: [Operation] {
        [
            Operation(
                .post, "/api/v1/files",
                "Send a file that belongs to a record: as the body, or in a form as multipart/form-data", tag: "Files",
                access: .signedIn(), scope: .rows(of: .files),
                parameters: [
                    Parameter(.query, "machine", .text(1...64), "The kind of record.", isRequired: true),
                    Parameter(.query, "record", .id, "The record.", isRequired: true),
                    Parameter(
                        .query, "name", .text(1...200), "The file's name; a form's file has one of its own."),
                ],
                upload:
                    "The file's bytes, or a form with a file in it. Taken are "
                    + "\(FileKind.allCases.map(\.rawValue).joined(separator: ", ")), told by what is in them.",
                answers: [.json(Self.schema, "It is kept.", status: 201)], problems: [400, 404],
                handler: FileReception(dependencies: dependencies).receive),
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

    @Sendable private func link(_ visit: Visit) async throws -> Response {
        let id: UUID = try await row(try visit.id(of: "file"), visit).value("id")
        guard let credential = visit.context.credential else { throw Problem.notSignedIn }
        let expiry = dependencies.now().addingTimeInterval(Self.linkLife)
        let seconds = Int64(expiry.timeIntervalSince1970)
        let signature = Data(credential.signature(of: Self.signed(id, seconds))).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        let address = "/api/v1/files/\(id.uuidString.lowercased())/content?expires=\(seconds)&signature=\(signature)"
        return Response(json: .object(["url": .string(address), "expires_at": .moment(expiry)]))
    }

    @Sendable private func send(_ visit: Visit) async throws -> Response {
        let row = try await row(try visit.id(of: "file"), visit)
        let query = try visit.query()
        let id: UUID = try row.value("id")
        guard let credential = visit.context.credential, let seconds = query["expires"].flatMap({ Int64($0) }),
            TimeInterval(seconds) > dependencies.now().timeIntervalSince1970,
            let signature = Self.bytes(query["signature"] ?? ""),
            credential.isSignature(signature, of: Self.signed(id, seconds))
        else {
            throw Problem.forbidden("link_invalid", "This address is of another session, or too old. Ask for another.")
        }
        return try await content(of: row)
    }

    private func content(of row: Row) async throws -> Response {
        guard let place = try await dependencies.pool.query(StoredFile.find(try row.value("id"))).first else {
            throw Problem.notFound("file")
        }
        let body: ResponseBody =
            switch try StoredFile(place).content {
            case .here(let bytes): ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
            case .kept(let place, let key): try await Self.body(dependencies.files.store(in: place), key)
            }
        return Response(
            status: .ok,
            headers: [
                .contentType: try row.value("mime"), .contentDisposition: Self.attachment(try row.value("name")),
                .contentSecurityPolicy: "sandbox; default-src 'none'",
            ], body: body)
    }

    /// A file's bytes, for a page of the portal that has the session.
    ///
    /// - Parameters:
    ///   - id: The file.
    ///   - record: The record whose page it is on.
    ///   - visit: Who asks.
    /// - Returns: The bytes, as an attachment.
    /// - Throws: ``Problem`` 404 for a file that they may not see, or of another record; `DatabaseError`.
    func content(_ id: UUID, of record: UUID, _ visit: Visit) async throws -> Response {
        let row = try await row(id, visit)
        guard try row.value("record_id", as: UUID.self) == record else { throw Problem.notFound("file") }
        return try await content(of: row)
    }

    /// The bytes of a file that is kept in a store, fetched as they are taken.
    private static func body(_ store: any FileStore, _ key: String) async throws -> ResponseBody {
        let size = try await store.size(of: key)
        return ResponseBody(contentLength: size) { writer in
            for start in stride(from: 0, to: size, by: portion) {
                let part = try await store.read(key, start..<min(start + portion, size))
                try await writer.write(ByteBuffer(bytes: part))
            }
            try await writer.finish(nil)
        }
    }

    /// A file, if the visitor may see it.
    private func row(_ id: UUID, _ visit: Visit) async throws -> Row {
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

    static func json(_ row: Row) throws -> JSONValue {
        let digest: [UInt8] = try row.value("sha256")
        return .object([
            "id": .id(try row.value("id", as: UUID.self)), "name": .string(try row.value("name")),
            "mime": .string(try row.value("mime")), "size_bytes": .integer(try row.value("size_bytes")),
            "sha256": .string(HexText.hex(digest)), "machine": .string(try row.value("machine")),
            "record_id": .id(try row.value("record_id", as: UUID.self)),
            "created_at": .moment(try row.value("created_at", as: Date.self)),
        ])
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
