import Accounts
import Database
import Foundation

/// Somebody who listens: two streams of one person see the same.
struct LiveViewer: Hashable, Sendable {
    var kind: Visitor.Kind
    var id: UUID

    init(_ visitor: Visitor) { (kind, id) = (visitor.kind, visitor.id) }

    /// Reads what is notified when somebody's session or token is taken back.
    init?(notified payload: String) {
        let parts = payload.split(separator: ":")
        guard parts.count == 2, let kind = Visitor.Kind(rawValue: String(parts[0])),
            let id = UUID(uuidString: String(parts[1]))
        else { return nil }
        (self.kind, self.id) = (kind, id)
    }

    /// Makes them the visitor of the transaction; no row when there is no such active person.
    var become: SQL {
        """
        SELECT id FROM visitor.become(\(kind.rawValue), \(id), \(Permission.standardList), \(Permission.everyList))
        """
    }
}
