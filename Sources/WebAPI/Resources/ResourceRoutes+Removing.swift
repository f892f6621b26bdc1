import Accounts
import Database
import Foundation
import HTTPTypes
import Hummingbird

extension ResourceRoutes {
    /// Takes a record away, or puts it away where others still name it.
    func remove(_ removal: Resource.Removal) -> Operation {
        let isKept = removal.archive != nil
        return ofRecord(
            .delete, "", (isKept ? "Puts away the " : "Removes the ") + resource.noun,
            access: .signedIn(removal.kinds, needs: removal.needs),
            answers: [.empty(204, isKept ? "It is put away; what names it still does." : "It is gone.")],
            problems: [409]
        ) { visit in
            try await remove(removal, visit)
            return Response(status: .noContent)
        }
    }

    private func remove(_ removal: Resource.Removal, _ visit: Visit) async throws {
        let id = try recordID(visit)
        let (resource, now) = (resource, dependencies.now())
        do {
            try await visit.write { visitor, session in
                let theirs: SQL = """
                    \(resource.identity.expression) = \(id)::\(resource.identity.schema.sqlType)
                    AND \(Scoping.predicate(for: resource.table, of: visitor.kind, to: .write, alias: "t"))
                    """
                let removing = Self.statement(removal, in: resource.table, where: theirs, now: now)
                let results = try session.pipeline([resource.one(id, for: visitor.kind), removing])
                guard !results[0].rows.isEmpty else { throw Problem.notFound(resource.noun) }
                guard results[1].affectedRows > 0 else { throw Problem.readOnly(resource.noun) }
            }
        } catch let error as DatabaseError {
            if error.sqlState == "23503" { throw Problem.stillUsed(resource.noun) }
            throw Problem(ofWriting: error) ?? error
        }
    }

    private static func statement(
        _ removal: Resource.Removal, in table: Table, where theirs: SQL, now: Date
    ) -> SQL {
        let table: SQL = "\(unsafeUnescaped: table.rawValue) t"
        guard let archive = removal.archive else { return "DELETE FROM \(table) WHERE \(theirs)" }
        let column: SQL = "\(unsafeUnescaped: archive)"
        // Put away twice, it is so since the first time.
        return "UPDATE \(table) SET \(column) = coalesce(t.\(column), \(now)) WHERE \(theirs)"
    }
}
