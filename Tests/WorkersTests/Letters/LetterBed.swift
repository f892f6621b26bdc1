import Database
import Documents
import Foundation
import Jobs
import Storage
import TestSupport
import Workers
import Workflows

/// A rep, a lead and a partner in a database of their own, a mail server, and a worker that sends letters.
///
/// The records are planted as they are after their moves: what is looked at here is what the jobs make of them.
struct LetterBed: Sendable {
    static let root = URL(filePath: #filePath).appending(path: "../../../..").standardizedFileURL
    static let company = CompanyProfile(
        letterhead: Letterhead(
            name: "Drizzl Wellness", address: ["500 Harbor Boulevard", "Long Beach, CA 90802"],
            email: "hello@drizzl.example"),
        howToPay: "By check.", zone: TimeZone(identifier: "America/Los_Angeles") ?? .gmt)

    static let portal = URL(string: "https://portal.drizzl.example") ?? URL(filePath: "/")

    let queue: RuntimeTestbed
    let owner: Pool
    let server: SMTPServer
    let handlers: [any JobHandler]
    let rep = UUID.v7()
    let lead = UUID.v7()
    let partner = UUID.v7()
    let opener = UUID.v7()

    var now: Date { queue.now }

    static func with(_ body: (LetterBed) async throws -> Void) async throws {
        try await RuntimeTestbed.with { queue in
            let server = try await SMTPServer.start()
            defer { server.stop() }
            let owner = queue.owner()
            let delivery = MailDelivery(
                transport: SMTPTransport(try .trusting(server)),
                from: MailAddress(name: "Drizzl", address: "billing@drizzl.example"), pool: queue.pool,
                files: FileStores(directory: .temporaryDirectory),
                secrets: try SecretBox(keys: [1: Array(repeating: 7, count: 32)], current: 1))
            let templates = try MailTemplates(directory: root.appending(path: "templates/email"))
            let fonts = try FontLibrary()
            let bed = LetterBed(
                queue: queue, owner: owner, server: server,
                handlers: [
                    GeneratePDFHandler(company: company, fonts: fonts),
                    SendEmailHandler(delivery: delivery, templates: templates, company: company, fonts: fonts),
                    SendCalendarInviteHandler(delivery: delivery, templates: templates, company: company),
                    RemindMeetingHandler(delivery: delivery, templates: templates, company: company),
                    SendStatementHandler(delivery: delivery, templates: templates, company: company, fonts: fonts),
                    UnconnectedHandler<PaymentCharge>(), RefreshPartnerFiguresHandler(),
                    SendAccountMailHandler(
                        mail: PortalMail(
                            delivery: delivery, templates: templates, seller: company.letterhead,
                            portal: portal)),
                ])
            do {
                try await bed.plantPeople()
                try await body(bed)
                await owner.close()
            } catch {
                await owner.close()
                throw error
            }
        }
    }

    /// Does a job and tells how it ended.
    @discardableResult
    func doing(
        _ kind: String, _ machine: String, _ record: UUID, event: UUID = UUID(), _ with: [String: String] = [:]
    ) async throws -> JobDetails {
        let payload = RecordJob(machine: machine, record: record, event: event, with: with).encoded
        return try await doing(kind, payload)
    }

    @discardableResult
    func doing(_ kind: String, _ payload: JSON) async throws -> JobDetails {
        let ids = try await queue.enqueue(kind, payload: payload.text)
        var details: JobDetails?
        try await queue.working(handlers) {
            details = try await queue.until(ids[0]) { [.finished, .dead].contains($0.summary.place) }
        }
        guard let details else { throw RuntimeTestbed.Missing() }
        return details
    }

    /// Writes rows as they are after their moves, without the history that the database would ask for.
    func plant(_ statements: [SQL]) async throws {
        try await owner.transaction { session in
            _ = try session.pipeline(["SET LOCAL session_replication_role = replica"] + statements)
        }
    }

    /// An event of a record's history.
    func event(_ machine: String, _ record: UUID, seq: Int, _ move: String, reason: String? = nil)
        async throws -> UUID
    {
        let id = UUID()
        try await plant([
            """
            INSERT INTO workflow_events (id, machine, record_id, seq, kind, move, to_state, role, actor_kind, command_id,
                reason, as_of, definition)
            VALUES (\(id), \(machine), \(record), \(seq), 'move', \(move), 'any', 'rep', 'sales_rep', \(UUID()), \(reason),
                \(now), '\\x00')
            """
        ])
        return id
    }

    private func plantPeople() async throws {
        try await plant([
            """
            INSERT INTO sales_reps (id, email, first_name, last_name, phone, time_zone, employee_id, title)
            VALUES (\(rep), 'sarah@drizzl.example', 'Sarah', 'Johnson', '1', 'America/Los_Angeles', 'SR-001', 'Sales Rep')
            """,
            """
            INSERT INTO leads (id, company_name, contact_name, email, address, city, state, zip_code, sales_rep_id, status,
                status_seq, status_since)
            VALUES (\(lead), 'Whole Foods Market', 'Jennifer Smith', 'jennifer@wholefoods.example', '2001 15th Avenue',
                'Seattle', 'WA', '98119', \(rep), 'qualified', 1, \(now))
            """,
            """
            INSERT INTO partners (id, business_name, business_type, contact_name, email, phone, address, city, state,
                zip_code, time_zone, status, status_seq, status_since, closed_reason)
            VALUES (\(partner), 'Bluebird Cafe', 'cafe', 'Maya Flores', 'maya@bluebird.example', '1', '14 Ocean Avenue',
                'Santa Monica', 'CA', '90401', 'America/New_York', 'closed', 1, \(now), 'No freezer')
            """,
            """
            INSERT INTO partner_users (id, partner_id, email, first_name, last_name, role, time_zone)
            VALUES (\(opener), \(partner), 'rosa@bluebird.example', 'Rosa', 'Lind', 'buyer', 'America/New_York')
            """,
        ])
    }

    /// A demo in 45 minutes.
    func demo() async throws -> UUID {
        let id = UUID.v7()
        let start = now.addingTimeInterval(45 * 60)
        try await plant([
            """
            INSERT INTO sales_activities (id, type, subject, sales_rep_id, lead_id, scheduled_at, booked_at, location,
                agenda, ics_uid, ics_sequence, status, status_seq, status_since)
            VALUES (\(id), 'demo', 'Product demo', \(rep), \(lead), \(start), \(now), '2001 15th Avenue, Seattle',
                '{Tasting}', 'demo-1@drizzl.example', 0, 'scheduled', 1, \(now))
            """
        ])
        return id
    }

    /// Changes a demo, as a move does.
    func change(_ demo: UUID, start: TimeInterval = 45 * 60, sequence: Int, state: String = "scheduled") async throws {
        try await plant([
            """
            UPDATE sales_activities
            SET scheduled_at = \(now.addingTimeInterval(start)), ics_sequence = \(sequence), version = version + 1,
                status = \(state)
            WHERE id = \(demo)
            """
        ])
    }

    /// A proposal of two products, one with a quantity break.
    func proposal(_ status: String = "sent") async throws -> UUID {
        let (id, deal, smoothie, protein) = (UUID.v7(), UUID.v7(), UUID.v7(), UUID.v7())
        let products: [SQL] = [
            (smoothie, "Green Detox Smoothie", "GDX-012", 799), (protein, "Protein Power", "PPW", 849),
        ]
        .map { product, name, sku, price in
            """
            INSERT INTO products (id, name, sku, category, msrp_cents, retail_price_cents, cost_per_unit_cents)
            VALUES (\(product), \(name), \(sku), 'smoothie', \(price), \(price), 200)
            """
        }
        try await plant(
            products + [
                """
                INSERT INTO proposals (id, lead_id, deal_id, sales_rep_id, version, tier, discount_bp, monthly_units,
                    contract_months, payment_terms, special_terms, valid_until, sent_at, signed_name, signed_at,
                    signed_sha256, status, status_seq, status_since)
                VALUES (\(id), \(lead), \(deal), \(rep), 2, 'growth', 3500, 500, 12, 'NET30', 'Free freezer after $50K',
                    '2030-04-16', \(now), 'Jennifer Smith', \(now), sha256('the offer'), \(status), 2, \(now))
                """,
                """
                INSERT INTO proposal_items (proposal_id, line_no, product_id, unit_price_cents, monthly_units, quantity_breaks)
                VALUES (\(id), 1, \(smoothie), 519, 300, '[{"min_quantity": 500, "unit_price_cents": 499}]'),
                    (\(id), 2, \(protein), 552, 200, NULL)
                """,
            ])
        return id
    }
}

extension JobDetails {
    /// How it ended, and what was said about it.
    var ending: String { "\(summary.place.rawValue): \(attempts.last?.reason ?? "")" }
}

extension ReceivedMail {
    /// The bytes as they came, as text.
    var source: String { String(decoding: raw, as: UTF8.self) }

    /// The words of the first attachment, a PDF.
    func words() throws -> String { try attachments.first.map { try PDFWords.of($0.bytes) } ?? "" }
}

/// What can be selected in a PDF.
enum PDFWords {
    static func of(_ bytes: [UInt8]) throws -> String {
        let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).pdf")
        defer { try? FileManager.default.removeItem(at: url) }
        try Data(bytes).write(to: url)
        return try ChildProcess.output(of: ["pdftotext", "-layout", url.path, "-"])
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
