import Accounts
import Database

/// A kind of record that the API shows, declared: what it consists of, who sees which part, and what can be done.
///
/// Lists, reads, writes, moves and the document all come from the declaration.
struct Resource: Sendable {
    /// How records are made.
    enum Creation: Sendable {
        /// By the `create` of the machine, which asks for what it needs and says who may.
        case move
        /// As a row, by these people; `filling` are columns that are not asked for.
        case row(Set<Visitor.Kind>, needs: Permission? = nil, filling: [(String, SQL)] = [])
    }

    /// How records are taken away again.
    struct Removal: Sendable {
        /// Whose portal offers it.
        var kinds: Set<Visitor.Kind>
        /// What an admin has to hold for it.
        var needs: Permission?
        /// The column that says since when a record is put away, where it has to stay; nil: the row goes.
        var archive: String?
    }

    /// Its name in addresses, in the plural: `leads`.
    var name: String
    /// What one is called, for people: `lead`.
    var noun: String
    /// Where its records are.
    let table: Table
    /// The heading in the documentation.
    var tag: String
    /// The machine that governs it, and the column that holds the state.
    var machine: (name: String, field: String)?
    /// Whose portal shows it at all.
    var audience: Set<Visitor.Kind>
    /// What an admin has to hold to read it.
    var needs: Permission?
    /// What tells one record from the others, over `t`.
    let identity: Column
    /// Its fields, besides the identity.
    let columns: [Column]
    /// What is read of it for each kind of visitor: put together once, for that took longer than to ask for it.
    let selections: [Visitor.Kind: Selection]
    /// How records are made; nil: not here.
    var creation: Creation?
    /// Who may edit records, and what an admin has to hold for it, nil being nobody; the fields say which may be given.
    var editing: (kinds: Set<Visitor.Kind>, needs: Permission?)?
    /// Who may take records away again; nil: nobody.
    var removal: Removal?
    /// What the program does after somebody has written one.
    var consequences: [Consequence]
    /// Whether single records can be asked for.
    var hasRecords: Bool
    /// The record that the address names before this one, as in `shipments/{id}/readings`, and the column that names it.
    var parent: (resource: String, noun: String, table: Table, column: String)?

    init(
        _ name: String, _ noun: String, _ table: Table, tag: String, machine: (name: String, field: String)? = nil,
        audience: Set<Visitor.Kind> = Set(Visitor.Kind.allCases), needs: Permission? = nil,
        identity: Column = Column("id", .id), creation: Creation? = nil,
        editing: (kinds: Set<Visitor.Kind>, needs: Permission?)? = nil, removal: Removal? = nil,
        consequences: [Consequence] = [], hasRecords: Bool = true,
        parent: (resource: String, noun: String, table: Table, column: String)? = nil, _ columns: [Column]
    ) {
        (self.name, self.noun, self.table, self.tag, self.machine) = (name, noun, table, tag, machine)
        (self.audience, self.needs, self.identity, self.columns) = (audience, needs, identity, columns)
        (self.creation, self.editing, self.hasRecords, self.parent) = (creation, editing, hasRecords, parent)
        (self.removal, self.consequences) = (removal, consequences)
        selections = Dictionary(
            uniqueKeysWithValues: Visitor.Kind.allCases.map { kind in
                (kind, Selection(of: [identity] + columns.filter { $0.kinds.contains(kind) }, in: table, for: kind))
            })
    }

    /// The fields that somebody of this kind is shown.
    func columns(for kind: Visitor.Kind) -> [Column] { [identity] + columns.filter { $0.kinds.contains(kind) } }

    /// The column that changes whenever the record does; nil when nothing ever changes it.
    var version: SQL? {
        columns.contains { $0.name == "updated_at" }
            ? "(extract(epoch FROM t.updated_at) * 1000000)::bigint::text" : nil
    }

    /// Its address.
    var path: String {
        parent.map { "/api/v1/\($0.resource)/{id}/\(name)" } ?? "/api/v1/\(name)"
    }

    /// Who may read it.
    var readers: Access { .signedIn(audience, needs: needs) }

    /// Its noun as the name of a schema: `PriceList`.
    var title: String { noun.split(separator: " ").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined() }

    /// What one record looks like; what not everybody is shown is not required.
    var schema: Schema {
        let shown = [identity] + columns
        return .named(
            title,
            .object(
                shown.map { column in
                    Schema.Member(
                        column.name, column.shown,
                        isRequired: column.when == nil && audience.isSubset(of: column.kinds))
                }))
    }

    /// The fields `created_at` and `updated_at`, which most tables have.
    static let times = [Column("created_at", .moment, .sort, .range), Column("updated_at", .moment, .sort, .range)]

    /// The state, the number of events and since when it is so.
    static func standing(_ field: String = "status", states: [String]) -> [Column] {
        [
            Column(field, .choice(states), .filter, .sort),
            Column("seq", .integer(), sql: "t.\(unsafeUnescaped: field)_seq"),
            Column("\(field)_since", .moment, .sort, .range),
        ]
    }
}
