/// Puts into SQL what ``Ownership`` and ``Writers`` say, for one kind of visitor and one purpose.
struct Predicate {
    private static let isAdmin = "(SELECT visitor.kind()) = 'admin'"
    private static let nothing = "FALSE"

    var kind: Visitor.Kind
    var purpose: Scoping.Purpose

    /// The condition for a table under an alias.
    func text(_ table: Table, _ alias: String) -> String {
        let owned = text(table.ownership, alias)
        guard purpose == .write, let allowed = allowed(table.writers) else { return owned }
        return all(owned, allowed)
    }

    private func text(_ ownership: Ownership, _ alias: String) -> String {
        switch ownership {
        case .partner(let column, let users, let reps): partner("\(alias).\(column)", users, reps)
        case .rep(let column, let reach): rep("\(alias).\(column)", reach)
        case .person(let whose, let id, let overseers):
            any(
                "(\(alias).\(whose) = \(named) AND \(alias).\(id) = (SELECT visitor.id()))",
                kind == .admin ? overseers.map(may) ?? Self.nothing : Self.nothing)
        case .row(let table, let column): row(of: table, "\(alias).\(column)", alias)
        case .record(let users): record(users, alias)
        case .everybody(let condition, let exception):
            if kind == .admin {
                Self.isAdmin
            } else if kind == exception || purpose != .read {
                Self.nothing
            } else {
                all("(SELECT visitor.kind()) = \(named)", condition.replacing("$", with: alias))
            }
        case .company(let permission): kind == .admin ? permission.map(may) ?? Self.isAdmin : Self.nothing
        case .narrowed(let inner, let reading, let acting):
            all(text(inner, alias), (purpose == .read ? reading : acting).replacing("$", with: alias))
        case .either(let one, let other): any(text(one, alias), text(other, alias))
        case .conversation(let column): conversation("\(alias).\(column)")
        case .mail: mail(alias)
        }
    }

    private func partner(_ column: String, _ users: Bool, _ reps: Ownership.Reach) -> String {
        switch kind {
        case .admin: Self.isAdmin
        case .partnerUser: users ? "\(column) = (SELECT visitor.partner())" : Self.nothing
        case .salesRep:
            reps == .nobody
                ? Self.nothing
                : "\(column) = ANY (ARRAY(SELECT own.id FROM partners own WHERE \(rep("own.sales_rep_id", reps))))"
        }
    }

    private func rep(_ column: String, _ reach: Ownership.Reach) -> String {
        switch (kind, reach) {
        case (.admin, _): Self.isAdmin
        case (.partnerUser, _), (.salesRep, .nobody): Self.nothing
        case (.salesRep, .team) where purpose == .read: "\(column) = ANY ((SELECT visitor.team())::uuid[])"
        case (.salesRep, _): "\(column) = (SELECT visitor.id())"
        }
    }

    private func row(of table: Table, _ column: String, _ alias: String) -> String {
        let above = "\(alias)_up"
        // Whether they may write here is asked of this table's writers.
        let owned = Predicate(kind: kind, purpose: purpose == .write ? .act : purpose).text(table, above)
        if owned == Self.isAdmin || owned == Self.nothing { return owned }
        return "EXISTS (SELECT FROM \(table.rawValue) \(above) WHERE \(above).id = \(column) AND \(owned))"
    }

    private func record(_ users: Bool, _ alias: String) -> String {
        if kind == .admin { return Self.isAdmin }
        if kind == .partnerUser, !users { return Self.nothing }
        let branches = Table.ofMachines.map { machine, table in
            "WHEN '\(machine)' THEN \(row(of: table, "\(alias).record_id", alias))"
        }
        return "CASE \(alias).machine \(branches.joined(separator: " ")) ELSE FALSE END"
    }

    private func conversation(_ column: String) -> String {
        let taking = """
            \(column) = ANY (ARRAY(SELECT part.conversation_id FROM conversation_participants part
            WHERE part.member_kind = \(named) AND part.member_id = (SELECT visitor.id()) AND part.left_at IS NULL))
            """
        guard kind == .admin else { return taking }
        let shared =
            "EXISTS (SELECT FROM conversations inbox WHERE inbox.id = \(column) AND inbox.kind = 'shared_inbox')"
        return any(taking, all(Self.isAdmin, shared))
    }

    private func mail(_ alias: String) -> String {
        switch kind {
        case .admin: Self.isAdmin
        case .partnerUser: Self.nothing
        case .salesRep:
            """
            EXISTS (SELECT FROM sales_activities sent
            WHERE sent.outbound_email_id = \(alias).id AND sent.sales_rep_id = (SELECT visitor.id()))
            """
        }
    }

    /// What must hold besides that a row is theirs; nil when nothing must.
    private func allowed(_ writers: Writers) -> String? {
        switch (writers, kind) {
        case (.nobody, _): Self.nothing
        case (.owners, _): nil
        case (.those(_, let reps, _), .salesRep): reps ? nil : Self.nothing
        case (.those(let roles, _, _), .partnerUser):
            roles.isEmpty
                ? Self.nothing
                : "(SELECT visitor.role()) IN (\(roles.map { "'\($0)'" }.joined(separator: ", ")))"
        case (.those(_, _, let permissions), .admin): permissions.map(may).reduce(Self.nothing, any)
        }
    }

    private var named: String { "'\(kind.rawValue)'" }

    private func may(_ permission: Permission) -> String { "(SELECT visitor.may('\(permission.rawValue)'))" }

    private func all(_ one: String, _ other: String) -> String {
        if one == Self.nothing || other == Self.nothing { return Self.nothing }
        return other == "TRUE" ? one : "\(one) AND \(other)"
    }

    private func any(_ one: String, _ other: String) -> String {
        if one == Self.nothing { return other }
        return other == Self.nothing ? one : "(\(one) OR \(other))"
    }
}
