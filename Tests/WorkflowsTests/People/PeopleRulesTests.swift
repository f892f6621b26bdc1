import Foundation
import StateMachines
import Testing

@testable import Workflows

@Suite("What partners, integrations and tickets are judged by")
struct PeopleRulesTests {
    private static let now = Date(timeIntervalSince1970: 1_772_474_400)
    private static let calendar = CompanyCalendar(zone: .gmt)
    private static let admin = Actor(kind: .admin, id: UUID(), role: "admin")

    private static func context(_ given: [String: JSONValue], for asks: [Ask]) throws -> MoveContext {
        MoveContext(actor: admin, inputs: try Inputs(given, for: asks), now: now, calendar: calendar)
    }

    private static let partner = PartnerFacts(
        id: UUID(),
        details: .init(
            businessName: "Riverbend Bistro", businessType: "cafe", contactName: "Ana Ruiz",
            email: "ana@bistro.example",
            phone: "1", address: "1 Main St", city: "Austin", state: "TX", zipCode: "78701"),
        zone: .gmt)

    private static let terms: [Ask] = [
        Ask(name: "payment_terms", type: .text), Ask(name: "credit_limit", type: .money),
    ]

    @Test(
        "NET terms need a credit limit, prepaid needs none",
        arguments: [
            ("NET30", 1, true), ("NET30", 0, false), ("NET60", -1, false), ("prepaid", 0, true), ("prepaid", -1, false),
        ] as [(String, Int64, Bool)])
    func creditLimit(terms: String, limit: Int64, holds: Bool) throws {
        let guarding = try #require(PartnerGuards.all["credit_limit_fits_terms"])
        let context = try Self.context(
            ["payment_terms": .string(terms), "credit_limit": .integer(limit)], for: Self.terms)
        #expect((guarding.answer(Self.partner, context) == .yes) == holds)
    }

    @Test("a partner closes only when nothing is open, and is told what is")
    func closing() throws {
        var facts = Self.partner
        let context = try Self.context([:], for: [])
        let orders = try #require(PartnerGuards.all["no_open_orders"])
        let invoices = try #require(PartnerGuards.all["no_unpaid_invoices"])
        #expect(orders.answer(facts, context) == .yes)
        #expect(invoices.answer(facts, context) == .yes)
        facts.openOrders = 2
        facts.openInvoices = 3
        facts.amountDueCents = 123_456
        #expect(orders.answer(facts, context) == .no(["count": "2"]))
        #expect(invoices.answer(facts, context) == .no(["amount": "$1,234.56", "count": "3"]))
    }

    @Test("a new tier brings its discount, and a withdrawal its reason")
    func applies() throws {
        var facts = Self.partner
        let setTier = try #require(PartnerApplies.all["set_tier"])
        try setTier(
            &facts, Self.context(["tier": "growth"], for: [Ask(name: "tier", type: .text)]))
        #expect(facts.tier == .growth)
        #expect(facts.discountBp == 3_500)
        let setApprover = try #require(PartnerApplies.all["set_approver"])
        try setApprover(&facts, Self.context([:], for: []))
        #expect(facts.approvedBy == Self.admin.id)
        #expect(facts.approvedAt == Self.now)
        let setClosedReason = try #require(PartnerApplies.all["set_closed_reason"])
        try setClosedReason(&facts, Self.context([:], for: []))
        #expect(facts.closedReason == "withdrawn")
    }

    @Test("an application names every fault at once, and finds its time zone by its state")
    func application() throws {
        let body: [String: JSONValue] = [
            "business_name": "Riverbend Bistro", "business_type": "cafe", "contact_name": "Ana Maria Ruiz",
            "email": "ana@bistro.example", "phone": "1", "address": "1 Main St", "city": "Austin", "state": "tx",
            "zip_code": "78701",
        ]
        func command(_ body: [String: JSONValue]) -> Command {
            Command(
                id: UUID(), machine: "partner", record: UUID(), move: "create", inputs: body,
                actor: Actor(kind: .lead, role: "visitor"))
        }
        let application = try PartnerApplication(command(body))
        #expect(application.zone.identifier == "America/Chicago")
        #expect(application.owner == .init(firstName: "Ana", lastName: "Maria Ruiz"))
        let wrong = body.merging(["email": "ana", "state": "Texas"]) { $1 }
        let refusal = #expect(throws: Refusal.self) { try PartnerApplication(command(wrong)) }
        #expect(refusal?.reasons.compactMap(\.field) == ["email", "state"])
    }

    @Test("three failed syncs in a row are an error, and a good one begins anew")
    func syncs() throws {
        var facts = IntegrationFacts(
            id: UUID(), partnerID: UUID(), zone: .gmt, platform: "square", platformName: "Square")
        let context = try Self.context(
            ["error_message": "timeout"], for: [Ask(name: "error_message", type: .text)])
        let three = try #require(IntegrationRules.guards["three_failures_in_a_row"])
        let count = try #require(IntegrationRules.applies["count_failure"])
        for failures in 1...3 {
            #expect(three.answer(facts, context) == .no())
            count(&facts, context)
            #expect(facts.failures == failures)
        }
        #expect(three.answer(facts, context) == .yes)
        #expect(facts.newErrors == ["timeout", "timeout", "timeout"])
        let planNextSync = try #require(IntegrationRules.applies["plan_next_sync"])
        planNextSync(&facts, context)
        #expect(facts.nextSyncAt == Self.now.addingTimeInterval(3_600))
        let clearFailures = try #require(IntegrationRules.applies["clear_failures"])
        clearFailures(&facts, context)
        #expect(three.answer(facts, context) == .no())
    }

    @Test("a platform is connected once, and syncs only while that is switched on")
    func connecting() throws {
        var facts = IntegrationFacts(
            id: UUID(), partnerID: UUID(), zone: .gmt, platform: "square", platformName: "Square")
        let context = try Self.context([:], for: [])
        let once = try #require(IntegrationRules.guards["not_connected_already"])
        let enabled = try #require(IntegrationRules.guards["sync_is_enabled"])
        #expect(once.answer(facts, context) == .yes)
        #expect(enabled.answer(facts, context) == .yes)
        facts.isConnectedAlready = true
        facts.isSyncEnabled = false
        #expect(once.answer(facts, context) == .no(["platform_name": "Square"]))
        #expect(enabled.answer(facts, context) == .no())
    }

    @Test("tokens are kept from history, and are gone after disconnecting")
    func tokens() throws {
        var facts = IntegrationFacts(
            id: UUID(), partnerID: UUID(), zone: .gmt, platform: "square", platformName: "Square")
        let context = try Self.context([:], for: [])
        let box = try SecretBox(keys: [1: Array(repeating: 7, count: 32)], current: 1)
        facts.offer = .init(access: try box.seal("top secret", record: facts.id, column: "access_token_enc"))
        let storeTokens = try #require(IntegrationRules.applies["store_tokens"])
        storeTokens(&facts, context)
        let wiped = try #require(IntegrationRules.guards["tokens_are_wiped"])
        #expect(wiped.answer(facts, context) == .no())
        #expect(!JSONValue.object(facts.columns).json.contains("secret"))
        let wipeTokens = try #require(IntegrationRules.applies["wipe_tokens"])
        wipeTokens(&facts, context)
        #expect(wiped.answer(facts, context) == .yes)
    }

    @Test("a secret opens in its own row and nowhere else, and not after it was changed")
    func secrets() throws {
        let (row, other) = (UUID(), UUID())
        let box = try SecretBox(keys: [1: Array(repeating: 7, count: 32)], current: 1)
        var sealed = try box.seal("top secret", record: row, column: "access_token_enc")
        #expect(try box.open(sealed, record: row, column: "access_token_enc") == "top secret")
        #expect(throws: SecretBox.Fault.broken) { try box.open(sealed, record: other, column: "access_token_enc") }
        #expect(throws: SecretBox.Fault.broken) { try box.open(sealed, record: row, column: "refresh_token_enc") }
        sealed.bytes[20] ^= 1
        #expect(throws: SecretBox.Fault.broken) { try box.open(sealed, record: row, column: "access_token_enc") }
        #expect(throws: SecretBox.Fault.badKeys) { try SecretBox(keys: [1: [7]], current: 1) }
    }

    @Test("a notice shows money and days as people read them, and leaves out what there is none of")
    func words() throws {
        let words = try NoticeWords(
            #"{"number": "INV-10284", "due_cents": 384500, "due_on": "2026-03-05", "terms": "NET30"}"#,
            event: #"{"reason": null}"#)
        #expect(words.fill("{number}: {due_cents} {reason}", zone: .gmt) == "INV-10284: $3,845.00")
        #expect(!words.fill("due {due_on}", zone: .gmt).contains("-"))
        #expect(words.fill("{terms}", zone: .gmt) == "NET 30")
    }

    @Test("every recipient and notice that the vocabulary names is known, and what it says once is once here")
    func vocabulary() throws {
        let root = URL(filePath: #filePath).appending(path: "../../../..").standardizedFileURL
        let vocabulary = WorkflowFiles.load(directory: root.appending(path: "workflows")).files.vocabulary
        #expect(!vocabulary.recipients.isEmpty)
        #expect(Recipients.unknown(in: vocabulary).isEmpty)
        #expect(NoticeText.missing(in: vocabulary).isEmpty)
        for notice in vocabulary.notices where notice.isOnce {
            #expect(NoticeText.named(notice.name.text)?.isOnce == true)
        }
    }
}
