public import Database
public import Foundation
import StateMachines

/// Tells people: one row per person, and one per way on which it goes to them (D-26).
public enum Notices {
    /// A way to a person that is still to be gone, by a job.
    public struct Delivery: Sendable, Hashable {
        /// The row of the delivery.
        public var id: UUID
        /// Whom it is for.
        public var person: Person
    }

    /// Why nobody could be told.
    public enum Fault: Error, Sendable, Hashable, CustomStringConvertible {
        /// The notice, the recipient or the machine is not known here.
        case unknown(String)
        /// There is no such record.
        case noRecord(String)

        /// The sentence for operators.
        public var description: String {
            switch self {
            case .unknown(let name): "nobody here knows the notice or recipient \(name)"
            case .noRecord(let machine): "there is no such \(machine)"
            }
        }
    }

    /// Writes what a job of the kind `notify` asks for; asked twice, it writes once.
    ///
    /// - Parameters:
    ///   - job: The record and its event, with `who` and `about`.
    ///   - now: The present, UTC.
    ///   - session: The transaction.
    /// - Returns: The mails that are to be sent.
    /// - Throws: ``Fault``; `DatabaseError`.
    public static func write(_ job: RecordJob, now: Date, in session: Session) throws -> [Delivery] {
        let name = job.with["about"] ?? ""
        let who = job.with["who"] ?? ""
        guard let text = NoticeText.named(name) else { throw Fault.unknown(name) }
        let occasion = Recipients.Occasion(
            machine: job.machine, record: job.record, event: job.event, permission: text.permission,
            includesAccountManager: name == "partner_overdue")
        guard let found = Recipients.query(who, of: occasion) else { throw Fault.unknown(who) }
        let results = try session.pipeline([words(of: job), found])
        guard let row = results[0].rows.first else { throw Fault.noRecord(job.machine) }
        let words = try NoticeWords(row.value("words"), event: row.value("said"))
        let people = try results[1].rows.map(Person.init).filter { $0.id != nil }
        let letters = people.map { Letter(text, words, for: $0, about: job) }
        guard !letters.isEmpty else { return [] }
        let written = try session.query(
            insert(letters, type: name, text: text, about: job, key: key(of: name, text, job), now: now))
        return try written.compactMap { row in
            guard try row.value("channel", as: String.self) == "email" else { return nil }
            let kind = try row.value("recipient_kind", as: String.self)
            let id = try row.value("recipient_id", as: UUID.self)
            let person = people.first { $0.kind.rawValue == kind && $0.id == id }
            return try person.map { Delivery(id: try row.value("id"), person: $0) }
        }
    }

    /// What makes two notices the same for one person: the type and the record, and what happened to it unless the record
    /// gives the notice once.
    static func key(of name: String, _ text: NoticeText, _ job: RecordJob) -> String {
        let record = "\(name)/\(job.machine)/\(job.record.uuidString.lowercased())"
        return text.isOnce ? record : "\(record)/\(job.event.uuidString.lowercased())"
    }

    /// The words of the record, and those of the event: its reason, and the amount that was given.
    private static func words(of job: RecordJob) -> SQL {
        guard let subject = Subject.query(job.machine, job.record) else { return "SELECT WHERE false" }
        return """
            SELECT s.words::text AS words, coalesce((
                SELECT jsonb_build_object('reason', e.reason, 'amount_cents', e.inputs -> 'amount')
                FROM workflow_events e WHERE e.id = \(job.event)), '{}')::text AS said
            FROM (\(subject)) AS s (partner_id, sales_rep_id, lead_id, opened_by, assignee_id, words)
            """
    }

    private struct Letter {
        var person: Person
        var title: String
        var message: String
        var url: String

        init(_ text: NoticeText, _ words: NoticeWords, for person: Person, about job: RecordJob) {
            self.person = person
            title = words.fill(text.title, zone: person.zone)
            message = words.fill(text.message, zone: person.zone)
            let words = NoticeWords([
                "id": .string(job.record.uuidString.lowercased()),
                "lead_id": words.text("lead_id", zone: person.zone).map(JSONValue.string) ?? .null,
                "order_id": words.text("order_id", zone: person.zone).map(JSONValue.string) ?? .null,
                "shipment_id": words.text("shipment_id", zone: person.zone).map(JSONValue.string) ?? .null,
            ])
            let path = text.path ?? NoticePath.path(of: job.machine, for: person.kind)
            url = NoticePath.base(of: person.kind) + words.fill(path, zone: person.zone)
        }
    }

    /// One statement: the notices that are new, and a delivery for each way.
    private static func insert(
        _ letters: [Letter], type: String, text: NoticeText, about job: RecordJob, key: String, now: Date
    ) -> SQL {
        """
        WITH written AS (
            INSERT INTO notifications (id, recipient_kind, recipient_id, type, title, message, action_url,
                related_type, related_id, is_critical, dedupe_key, created_at)
            SELECT n.id, n.kind, n.person, \(type)::text, n.title, n.message, n.url, \(job.machine)::text,
                \(job.record)::uuid, \(text.isCritical), \(key)::text, \(now)
            FROM unnest(\(letters.map { _ in UUID.v7() }), \(letters.map(\.person.kind.rawValue)),
                \(letters.compactMap(\.person.id)), \(letters.map(\.title)), \(letters.map(\.message)),
                \(letters.map(\.url))) AS n (id, kind, person, title, message, url)
            ON CONFLICT DO NOTHING
            RETURNING id, recipient_kind, recipient_id
        ), sent AS (
            INSERT INTO notification_deliveries (id, notification_id, channel, state, sent_at)
            SELECT gen_random_uuid(), w.id, c.channel, c.state, c.sent_at
            FROM written w
            CROSS JOIN (VALUES ('in_app', 'sent', \(now)), ('email', 'queued', NULL)) AS c (channel, state, sent_at)
            WHERE c.channel = 'in_app' OR \(text.hasEmail)
            RETURNING id, notification_id, channel
        )
        SELECT s.id, s.channel, w.recipient_kind, w.recipient_id
        FROM sent s JOIN written w ON w.id = s.notification_id
        """
    }
}

/// The pages to which notices lead.
enum NoticePath {
    /// Where a portal begins.
    static func base(of kind: Actor.Kind) -> String {
        switch kind {
        case .admin: "/admin/command-center"
        case .salesRep: "/sales"
        default: "/partner"
        }
    }

    /// The page of a record, in the portal of a reader.
    static func path(of machine: String, for kind: Actor.Kind) -> String {
        switch (machine, kind) {
        case ("partner", .partnerUser): "/account"
        case ("shipment", .partnerUser): "/track/{id}"
        case ("shipment", .salesRep): "/orders/{order_id}"
        case ("invoice", .salesRep): "/orders/{order_id}"
        case ("commission", .salesRep): "/commission/{id}"
        case ("ticket", .partnerUser): "/support/{id}"
        case ("activity", _): "/activity/{id}"
        case ("integration", _): "/integrations"
        case ("order_payment", _): "/orders/{id}"
        default: "/\(machine)s/{id}"
        }
    }
}
