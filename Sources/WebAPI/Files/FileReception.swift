import Accounts
import Crypto
import Database
import Foundation
import HTTPTypes
import Hummingbird
import StateMachines
import Storage
import Workflows

/// Takes in files that people send.
struct FileReception {
    let dependencies: WebDependencies

    /// How long a file may take to arrive.
    private static let time = Duration.seconds(900)

    /// What a file belongs to.
    struct Owner {
        var machine: String
        var record: UUID
        /// What the file is called; nil: as its form says.
        var name: String?
    }

    /// `POST /api/v1/files`.
    @Sendable func receive(_ visit: Visit) async throws -> Response {
        let file = try await receive(visit) {
            let query = try visit.query()
            guard let machine = query["machine"], let record = UUID(uuidString: query["record"] ?? "") else {
                throw Problem.notFound("record")
            }
            return Owner(machine: machine, record: record, name: query["name"])
        }
        return Response(json: file, status: .created)
    }

    /// Takes in a file that belongs to a record.
    ///
    /// - Parameters:
    ///   - visit: Who sends it; the body is the file, or a form with it.
    ///   - owner: The record that it belongs to, found out when it is known who sends it.
    /// - Returns: The file, as the API tells of it.
    /// - Throws: ``Problem``; `DatabaseError`; what the store throws.
    func receive(_ visit: Visit, of owner: @escaping @Sendable () throws -> Owner) async throws -> JSONValue {
        try await visit.request.inTime(Self.time) {
            // A form says first that it is ours, and that has to be known before anybody is let in by it.
            var source = try await FileSource(visit)
            let owner = try owner()
            let (machine, record) = (owner.machine, owner.record)
            try await demandOwner(visit, machine, record)
            guard let name = owner.name ?? source.name else { throw Problem.namelessFile }
            let draft = try await dependencies.files.draft()
            do {
                let file = try await keep(&source, as: name, in: draft, visit, machine, record)
                await draft.remove()
                return file
            } catch {
                await draft.remove()
                throw error
            }
        }
    }

    private func demandOwner(_ visit: Visit, _ machine: String, _ record: UUID) async throws {
        let (_, rights) = try await visit.read(
            ["SELECT visitor.sees(\(machine), \(record)) AS sees, visitor.owns(\(machine), \(record)) AS owns"])
        guard try rights[0].rows.first?.value("sees") == true else { throw Problem.notFound("record") }
        guard try rights[0].rows.first?.value("owns") == true else {
            throw Problem.forbidden("not_yours", "Whose record it is may add files to it.")
        }
    }

    private func keep(
        _ source: inout FileSource, as name: String, in draft: FileDraft, _ visit: Visit, _ machine: String,
        _ record: UUID
    ) async throws -> JSONValue {
        var gauge = FileGauge(name: name)
        while let part = try await source.next() {
            try gauge.pass(part)
            try await draft.append(part)
        }
        let (kind, arrived) = try gauge.measure()
        let measure = BarePicture.isOne(kind) ? try await strip(draft, of: kind) : arrived
        let (id, key, place) = (UUID.v7(), Self.makeKey(), dependencies.files.newest)
        let store = try dependencies.files.store(in: place)
        try await store.keep(draft.url, measure, as: key)
        do {
            let now = dependencies.now()
            let row = try await visit.write { visitor, session in
                let row = try session.first(
                    """
                    INSERT INTO files (id, storage_key, name, mime, size_bytes, sha256, machine, record_id, kept_in,
                        uploaded_by_kind, uploaded_by)
                    VALUES (\(id), \(key), \(name), \(kind.rawValue), \(measure.size), \(measure.sha256), \(machine),
                        \(record), \(place.rawValue), \(visitor.kind.rawValue), \(visitor.id))
                    RETURNING id, name, mime, size_bytes, sha256, machine, record_id, created_at
                    """)
                if visitor.kind == .admin {
                    let entry = AuditEntry(
                        actor: visitor.actor, action: "\(machine).add_file", subjectType: machine, subjectID: record,
                        after: ["file": .id(id), "name": .string(name)], at: now, address: visit.context.address,
                        session: visitor.sessionID)
                    try session.pipeline([Credential.asProgram, entry.insert])
                }
                return row
            }
            guard let row else { throw Problem.notFound("record") }
            return try FileRoutes.json(row)
        } catch {
            // What cannot be removed either is never found again by anybody.
            try? await store.remove(key)
            throw error
        }
    }

    /// Takes out of a picture what is not the picture.
    ///
    /// - Returns: The measure of what is left, which is what is kept and served.
    /// - Throws: ``Problem`` 415 for one that is no picture inside.
    private func strip(_ draft: FileDraft, of kind: FileKind) async throws -> FileMeasure {
        do {
            let bare = try await draft.rewrite { try BarePicture.of($0, kind) }
            return FileMeasure(size: bare.count, sha256: Array(SHA256.hash(data: bare)))
        } catch is BarePicture.Broken {
            throw Problem.brokenPicture(kind)
        }
    }

    /// An address tells nothing of the file or of any other.
    private static func makeKey() -> String {
        SymmetricKey(size: .bits256).withUnsafeBytes { HexText.hex($0) }
    }
}

extension Problem {
    /// A picture of which only the beginning is one.
    fileprivate static func brokenPicture(_ kind: FileKind) -> Problem {
        Problem(
            .unsupportedMediaType, code: "file_broken", title: title(of: .unsupportedMediaType),
            detail: "This begins as \(kind.rawValue), and is none further on. Save it anew and send that.")
    }

    /// A file that nobody has named.
    fileprivate static var namelessFile: Problem {
        Problem(
            .unprocessableContent,
            faults: [.init(code: "parameter_missing", message: "\"name\" is missing.", field: "name")])
    }
}
