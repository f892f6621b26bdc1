import Accounts
import Foundation
import Hummingbird
import HummingbirdCore
import StateMachines
import WebAPI

/// What the page of the audit log is asked for, as it stands in its address.
struct AuditQuery: Sendable {
    /// The fields of the filter as they were given, which the form shows again.
    let given: [String: String]
    let after: String?
    /// Whether the chain is to be looked at.
    let verifies: Bool

    static let fields = ["actor", "action", "subject", "from", "to"]
    private static let kinds: Set<String> = [
        "admin", "sales_rep", "partner_user", "lead", "customer", "system", "service",
    ]

    init(_ uri: URI) {
        let query = uri.queryParameters
        let pairs = Self.fields.compactMap { name in
            query.get(name).map { (name, String($0.prefix(200)).replacing("\0", with: "")) }
        }
        given = Dictionary(pairs.filter { !$0.1.isEmpty }) { first, _ in first }
        after = query.get("after")
        verifies = query.get("verify") != nil
    }

    /// The filter that is meant; days are the company's.
    func filter(in zone: TimeZone) -> AuditFilter {
        var filter = AuditFilter()
        if let actor = given["actor"] {
            if Self.kinds.contains(actor) { filter.actorKind = actor } else { filter.actor = UUID(uuidString: actor) }
        }
        filter.action = given["action"]
        if let subject = given["subject"] {
            if let id = UUID(uuidString: subject) {
                filter.subject = id
            } else {
                filter.subjectType = subject.lowercased().replacing(" ", with: "_")
            }
        }
        filter.from = given["from"].flatMap { CalendarDay($0) }.map { $0.instant(in: zone) }
        filter.until = given["to"].flatMap { CalendarDay($0) }.map { $0.adding(days: 1).instant(in: zone) }
        return filter
    }

    /// The address of something of the page, with the same filter.
    func address(_ path: String, _ more: [(String, String)] = []) -> String {
        let pairs = Self.fields.compactMap { name in given[name].map { (name, $0) } } + more
        return Address.text(path, pairs.map { (name: $0.0, value: $0.1) })
    }
}
