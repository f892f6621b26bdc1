import Accounts
import Foundation
import StateMachines
import WebAPI

/// A kind of record that a portal has pages for, declared: what its list shows, what its page shows, what can be done.
///
/// The list, the record's page, its moves, its forms and bulk are made of it once, in ``RecordPages``. Rows, fields and
/// rights are those of the API's resource of the same name.
struct RecordKind: Sendable {
    /// A list of the records that are in some state, or of which something is true.
    struct Chip: Sendable {
        let label: String
        let query: [String: String]
    }

    /// A field by which a list can be narrowed.
    struct Filter: Sendable {
        let field: String
        let label: String
        var choices: [String] = []
        /// The records to choose from, for a field that names one.
        var source: ReferenceSource?
    }

    /// An amount that adds to the sum.
    struct Amount: Sendable {
        let label: String
        let field: String
        var isSubtracted = false
        /// Whether it is shown when it is zero.
        var isAlways = false
    }

    /// What a record is worth, in large type, and what it is made of.
    struct Sum: Sendable {
        let title: String
        let total: Shown
        let totalLabel: String
        /// A line below the figure.
        var hint: Shown?
        let amounts: [Amount]
    }

    /// Records, or parts of the record, as a table on its page.
    struct Table: Sendable {
        let title: String
        /// The field of the record that holds them; empty: they are records of their own.
        var part = ""
        var related: RecordDesk.Related?
        /// The page that their first column leads to.
        var leadsTo: String?
        /// Where another one is made, with this record chosen: the field that names it.
        var makes: (kind: String, by: String, label: String)?
        /// What can be added to it there.
        var adds: Addition?
        /// Whether it is left out when there is nothing in it.
        var isQuiet = false
        let empty: String
        let columns: [Shown]

        /// Whether its rows are files, each of which can be had.
        var isOfFiles: Bool { related?.resource == "files" }
    }

    /// Something that is done for many at once on a page of its own, to which the list leads.
    struct Errand: Sendable {
        let label: String
        let path: String
        let needs: Permission
    }

    /// A field that no lifecycle governs and that can be edited on the page.
    struct Edit: Sendable {
        let field: String
        let label: String
        let type: Ask.Kind
        var source: ReferenceSource?
    }

    /// How records are made on a page.
    struct Making: Sendable {
        let button: String
        let needs: Permission?
        /// The inputs of the machine's `create` that the form has.
        let inputs: [String]
        let sources: [String: ReferenceSource]
        /// The record that has to be known before the rest can be asked.
        var first: String?
        /// The input that names the partner whose user makes it.
        var own: String?
    }

    /// What is filled in before anybody has.
    enum Usual: Sendable {
        case text(String)
        /// The record's own field.
        case field(String)
        /// The record's own amount, in cents.
        case cents(String)
        case daysAhead(Int)
    }

    /// A file that the record's address ends with.
    struct Document: Sendable {
        let field: String
        let path: String
        let label: String
        let waiting: String
    }

    /// What the API calls the records, and the end of their address unless `place` is another.
    let resource: String
    var place: String?
    let machine: String?
    var portal = Visitor.Kind.admin
    let noun: String
    let title: String
    /// The field by which people call one, or what they call it.
    let name: Shown
    /// What the list is for.
    var about: String
    let icon: String
    var group: String?
    var needs: Permission?
    /// What a parameter of the list was once called, and is now.
    var renamed: [String: String] = [:]
    /// Only these records.
    var narrowed: [String: String] = [:]
    var sort: String?
    /// Whether the list has a chip for each state.
    var hasStates = true
    var chips: [Chip] = []
    var filters: [Filter] = []
    var columns: [Shown]
    /// Badges beside the state's.
    var marks: @Sendable (StoredRecord, Looks) -> [Badge] = { _, _ in [] }
    /// What stands below the name on the record's page.
    var subtitle: Shown?
    var sum: Sum?
    var facts: [Shown]
    var tables: [Table] = []
    /// Moves that are offered in the list's rows.
    var rowMoves: [String] = []
    /// Moves that can be made of many at once.
    var bulkMoves: [String] = []
    var usual: [String: [String: Usual]] = [:]
    var edits: [Edit] = []
    var making: Making?
    var document: Document?
    var errand: Errand?
    /// Changes of what else concern the page, as docs/live.md names them.
    var hearsToo: [String] = []
    /// What to do when there are none.
    let empty: String

    /// The address of the list.
    var root: String { "\(Portal.home(of: portal))/\(place ?? resource)" }

    /// The address of a record's page; what stands in several lists has one.
    func path(_ id: UUID) -> String { "\(Portal.home(of: portal))/\(resource)/\(id.uuidString.lowercased())" }

    /// What changes concern the list.
    var subjects: [String] { (machine.map { [$0] } ?? []) + hearsToo }
}

/// Records that an input can name, by what people call them.
enum ReferenceSource: Sendable, Hashable {
    case partners, reps, admins, products, addresses, orders, leads

    /// How many are offered in one list.
    static let most = 200

    /// What the API calls them.
    var resource: String {
        switch self {
        case .partners: "partners"
        case .reps: "sales-reps"
        case .admins: "admins"
        case .products: "products"
        case .addresses: "shipping-addresses"
        case .orders: "orders"
        case .leads: "leads"
        }
    }

    /// Which of them are offered.
    func query(of partner: UUID?) -> [String: String] {
        var query = ["limit": "\(Self.most)"]
        switch self {
        case .partners: query["sort"] = "business_name"
        case .reps, .admins: (query["sort"], query["is_active"]) = ("last_name", "true")
        case .products: (query["sort"], query["is_active"]) = ("name", "true")
        case .addresses: query["partner_id"] = partner?.uuidString.lowercased()
        case .orders: break
        case .leads: query["sort"] = "company_name"
        }
        return query
    }

    /// What people call one.
    func label(of record: StoredRecord) -> String {
        func text(_ fields: String...) -> String {
            fields.compactMap { record.text($0) }.filter { !$0.isEmpty }.joined(separator: " ")
        }
        switch self {
        case .partners: return text("business_name")
        case .reps, .admins: return text("first_name", "last_name")
        case .products: return text("name") + " (" + text("sku") + ")"
        case .addresses: return text("label") + ": " + text("address1", "city", "state")
        case .orders: return text("order_number", "partner_name")
        case .leads: return text("company_name")
        }
    }
}
