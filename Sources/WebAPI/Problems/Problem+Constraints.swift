import Database
import HTTPTypes
import StateMachines

extension Problem {
    /// What a rule of the schema has against a row that was written; nil for anything else.
    ///
    /// - Parameters:
    ///   - error: What the database said; nothing of its words is repeated.
    ///   - fields: What was sent, by the names of the columns.
    init?(ofWriting error: DatabaseError, among fields: [String] = []) {
        if let stated = Self.stated(by: error) {
            self = stated
            return
        }
        switch error.sqlState {
        case "23505": self.init(ofTaken: error, among: fields)
        case "23503": self.init(error, "unknown_reference", "names a record that there is not", fields)
        case "23514", "23P01", "P0001": self.init(error, "rule_broken", "breaks a rule of such records", fields)
        case "23502": self.init(error, "field_missing", "is missing", fields)
        case "42501": self = .forbidden("not_yours", "This is not yours to write.")
        case let state? where state.hasPrefix("22"): self.init(error, "value_invalid", "is out of range", fields)
        default: return nil
        }
    }

    /// Something that there may be once is there already.
    init(ofTaken error: DatabaseError, among fields: [String]) {
        let taken = error.fields(among: fields)
        let what =
            if !taken.isEmpty {
                "There is one with this \(taken.joined(separator: " and ")) already."
            } else if error.constraint?.hasSuffix("_pkey") == true {
                "There is a record of this id already. Send it again under another Idempotency-Key."
            } else {
                "There is one like it already."
            }
        self.init(
            .conflict, code: "already_exists", title: Problem.title(of: .conflict), detail: what,
            errors: taken.map { .init(code: "already_exists", message: what, field: $0) })
    }

    private init(_ error: DatabaseError, _ code: String, _ what: String, _ fields: [String]) {
        let broken = error.fields(among: fields)
        let faults: [Refusal.Reason] = broken.map { .init(code: code, message: "\"\($0)\" \(what).", field: $0) }
        self.init(
            .unprocessableContent,
            faults: faults.isEmpty ? [.init(code: code, message: "What was sent \(what).")] : faults)
    }
}

extension DatabaseError {
    /// The fields that an error is about.
    ///
    /// PostgreSQL and our migrations name a rule after its table and columns; those that are named otherwise stand here.
    fileprivate func fields(among known: [String]) -> [String] {
        if let column { return known.contains(column) ? [column] : [] }
        guard let constraint else { return [] }
        if let named = Self.named[constraint] { return named.filter(known.contains) }
        guard let table, constraint.hasPrefix(table + "_"), let end = constraint.lastIndex(of: "_"),
            constraint.distance(from: constraint.startIndex, to: end) > table.count
        else { return [] }
        return Self.parts(of: constraint[..<end].dropFirst(table.count + 1), among: known) ?? []
    }

    private static let named = [
        "payments_reference_idx": ["reference"], "shipments_tracking_idx": ["carrier", "tracking_number"],
        "partner_integrations_once_idx": ["platform", "platform_name"],
        "shipping_addresses_default_idx": ["is_default"],
    ]

    /// The names that make up a text, with underscores between them; nil when it has another part.
    private static func parts(of text: Substring, among known: [String]) -> [String]? {
        if text.isEmpty { return [] }
        for name in known where text == name || text.hasPrefix(name + "_") {
            if let rest = parts(of: text.dropFirst(name.count + 1), among: known) { return [name] + rest }
        }
        return nil
    }
}

extension Schema {
    /// The names of an object's members.
    var members: [String] {
        switch self {
        case .object(let members): members.map(\.name)
        case .named(_, let schema), .optional(let schema): schema.members
        default: []
        }
    }
}
