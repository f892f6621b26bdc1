import Foundation
import StateMachines

/// Who has acted in a play, each made when first needed.
struct People {
    struct Key: Hashable {
        var role: String
        var person: String?
        /// Of the people of a partner: which.
        var partner: UUID?
    }

    /// What an admin of a scenario may do: everything, for each who may not is told apart by role.
    let permissions: Set<String>
    private var ids: [Key: UUID] = [:]
    private var called: [UUID: Set<String>] = [:]

    init(permissions: Set<String>) {
        self.permissions = permissions
    }

    subscript(key: Key) -> UUID? { ids[key] }

    /// The words by which a scenario may mean the person.
    func names(of id: UUID) -> Set<String> { called[id] ?? [] }

    mutating func add(_ id: UUID, as key: Key, called names: [String]) {
        ids[key] = id
        called[id, default: []].formUnion(names)
    }
}
