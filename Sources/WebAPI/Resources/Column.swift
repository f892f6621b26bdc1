import Accounts
import Database

/// One field of a resource: a column of its table, or something that is told beside it.
struct Column: Sendable {
    /// What else is true of a field.
    enum Trait: Sendable {
        /// It may be null.
        case null
        /// A list can be narrowed to one value of it.
        case filter
        /// A list can be narrowed to values from and to.
        case range
        /// A list can be sorted by it; it is never null then.
        case sort
        /// `q` looks for a part of it.
        case search
        /// Whoever may edit the record may edit it.
        case edit
        /// Admins alone may edit it.
        case adminEdit
        /// It is given when the record is made, and never after.
        case create
        /// It has to be given when the record is made.
        case required
    }

    var name: String
    var schema: Schema
    var traits: Set<Trait>
    /// What it is read from, over the table's row `t`; nil: the column of its name.
    var sql: SQL?
    /// Who is shown it (SEC-08); to others it is absent.
    var kinds: Set<Visitor.Kind>
    /// The rows in which it is shown to them, as a condition over `t`; nil: all.
    var when: SQL?
    /// The table whose row it names, which has to be one that whoever writes it sees.
    var parent: Table?

    init(
        _ name: String, _ schema: Schema, _ traits: Trait..., sql: SQL? = nil,
        to kinds: Set<Visitor.Kind> = Set(Visitor.Kind.allCases), when: SQL? = nil, parent: Table? = nil
    ) {
        (self.name, self.schema, self.traits, self.sql) = (name, schema, Set(traits), sql)
        (self.kinds, self.when, self.parent) = (kinds, when, parent)
    }

    func has(_ trait: Trait) -> Bool { traits.contains(trait) }

    /// The schema in answers.
    var shown: Schema { has(.null) ? .optional(schema) : schema }

    /// What it is compared and sorted by.
    var expression: SQL { sql ?? "t.\(unsafeUnescaped: name)" }

    /// Whether somebody of this kind may give it.
    func isEditable(by kind: Visitor.Kind) -> Bool { has(.edit) || (has(.adminEdit) && kind == .admin) }

    var isEditable: Bool { has(.edit) || has(.adminEdit) }

    /// It as a member of the object that is answered; moments as the API writes them.
    var selected: SQL {
        guard schema == .moment else { return "\(expression) AS \"\(unsafeUnescaped: name)\"" }
        let text: SQL = """
            replace(to_char(\(expression) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), '.000Z', 'Z')
            """
        return "\(text) AS \"\(unsafeUnescaped: name)\""
    }
}

/// What others are called, so that nobody has to read ids; null for whom the visitor does not see.
extension Column {
    /// The partner of the row's `partner_id`.
    static let partnerName = Column(
        "partner_name", .text(), .null, sql: "(SELECT p.business_name FROM partners p WHERE p.id = t.partner_id)")
    /// The rep of the row's `sales_rep_id`.
    static let repName = Column(
        "sales_rep_name", .text(), .null,
        sql: "(SELECT r.first_name || ' ' || r.last_name FROM sales_reps r WHERE r.id = t.sales_rep_id)",
        to: [.admin, .salesRep])
    /// The order of the row's `order_id`.
    static let orderNumber = Column(
        "order_number", .text(), .null, sql: "(SELECT o.order_number FROM orders o WHERE o.id = t.order_id)")
    /// The lead of the row's `lead_id`.
    static let leadName = Column(
        "lead_name", .text(), .null, sql: "(SELECT l.company_name FROM leads l WHERE l.id = t.lead_id)",
        to: [.admin, .salesRep])
    /// The invoice of the row's `invoice_id`.
    static let invoiceNumber = Column(
        "invoice_number", .text(), .null,
        sql: "(SELECT i.invoice_number FROM invoices i WHERE i.id = t.invoice_id)")
}

extension Schema {
    /// The type by which PostgreSQL reads a value of a query.
    var sqlType: SQL {
        switch self {
        case .boolean: "boolean"
        case .integer: "bigint"
        case .number: "numeric"
        case .id: "uuid"
        case .day: "date"
        case .moment: "timestamptz"
        case .optional(let schema), .named(_, let schema): schema.sqlType
        default: "text"
        }
    }
}
