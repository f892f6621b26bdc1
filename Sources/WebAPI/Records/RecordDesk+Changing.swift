public import Accounts
public import Foundation
import HTTPTypes
public import StateMachines

extension RecordDesk {
    /// Whether the visitor may edit records of a kind at all.
    public func mayChange(_ name: String, _ visitor: Visitor) -> Bool {
        guard let editing = resources[name]?.editing else { return false }
        return Access.signedIn(editing.kinds, needs: editing.needs).refusal(of: visitor, isWrite: true) == nil
    }

    /// Changes fields of a record that no lifecycle governs, as `PATCH` does.
    ///
    /// - Parameters:
    ///   - name: What the API calls the records.
    ///   - id: The record.
    ///   - given: The fields.
    ///   - version: The version that was seen.
    ///   - visit: Who asks.
    /// - Throws: ``Problem`` 403, 404, 409, 412 or 422 with every fault; `DatabaseError`.
    public func change(
        _ name: String, _ id: UUID, _ given: [String: JSONValue], version: String, _ visit: Visit
    ) async throws {
        let resource = try resource(name)
        let visitor = try await visit.visitor()
        guard let editing = resource.editing else { throw Problem.readOnly(resource.noun) }
        if let refusal = Access.signedIn(editing.kinds, needs: editing.needs).refusal(of: visitor, isWrite: true) {
            throw refusal
        }
        let editable = resource.columns.filter { $0.isEditable(by: visitor.kind) }
        let schema = Schema.object(editable.map { Schema.Member($0.name, $0.shown, isRequired: false) })
        let faults = schema.faults(in: .object(given))
        guard faults.isEmpty else { throw Problem(.unprocessableContent, faults: faults) }
        let routes = ResourceRoutes(resource: resource, dependencies: dependencies)
        _ = try await routes.change(id.uuidString.lowercased(), given, match: version, visit)
    }
}
