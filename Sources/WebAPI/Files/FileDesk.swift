public import Foundation
public import HummingbirdCore
import StateMachines

/// Takes in and hands out the files of records, for pages: as the API does for programs.
public struct FileDesk: Sendable {
    private let dependencies: WebDependencies

    /// Makes it.
    public init(_ dependencies: WebDependencies) { self.dependencies = dependencies }

    /// Takes in the file of a form, which belongs to a record.
    ///
    /// - Throws: ``Problem`` 400, 403, 404, 413, 415 or 422; `DatabaseError`; what the store throws.
    public func receive(of machine: String, _ record: UUID, _ visit: Visit) async throws {
        _ = try await FileReception(dependencies: dependencies).receive(visit) {
            FileReception.Owner(machine: machine, record: record)
        }
    }

    /// The bytes of a file of a record, as an attachment.
    ///
    /// - Throws: ``Problem`` 401, 403 or 404; `DatabaseError`; what the store throws.
    public func content(_ id: UUID, of record: UUID, _ visit: Visit) async throws -> Response {
        try await FileRoutes(dependencies: dependencies).content(id, of: record, visit)
    }
}
