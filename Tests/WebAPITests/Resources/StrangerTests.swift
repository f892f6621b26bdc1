import Accounts
import Database
import Foundation
import HTTPTypes
import StateMachines
import Testing

@testable import WebAPI

/// Every operation × every kind of stranger, made from the operations themselves: one that is added is walked too.
@Suite struct StrangerTests {
    /// One row of each table, which belongs to partner alpha or its rep rita; its id is that of the table's name.
    private static let rows: [(Table, String, String)] = [
        (.leads, "sales_rep_id", "id('rita')"), (.deals, "sales_rep_id", "id('rita')"),
        (.proposals, "sales_rep_id", "id('rita')"), (.salesActivities, "sales_rep_id", "id('rita')"),
        (.quotaPeriods, "sales_rep_id", "id('rita')"), (.commissions, "sales_rep_id", "id('rita')"),
        (.payouts, "sales_rep_id", "id('rita')"),
        (.leadNotes, "lead_id, sales_rep_id, is_private", "id('leads'), id('rita'), false"),
        (
            .partnerNotes, "partner_id, author_kind, author_id, is_private",
            "id('alpha'), 'sales_rep', id('rita'), false"
        ),
        (.leadDocuments, "lead_id", "id('leads')"), (.files, "machine, record_id", "'order', id('orders')"),
        (.notifications, "recipient_kind, recipient_id", "'partner_user', id('al')"),
        (
            .products, "is_active, msrp_cents, cost_per_unit_cents, wholesale_price_cents, name",
            "true, 500, 987654321, 987654321, 'Berry'"
        ),
        (.priceLists, "partner_id", "id('alpha')"), (.priceListItems, "price_list_id", "id('price_lists')"),
        (.priceChanges, "product_id", "id('products')"), (.stockLocations, "name", "'Reno'"),
        (.stockMovements, "product_id", "id('products')"), (.lots, "product_id", "id('products')"),
        (.productionBatches, "code", "'B'"), (.orders, "partner_id", "id('alpha')"),
        (.orderItems, "order_id, line_no", "id('orders'), 1"), (.shipments, "order_id", "id('orders')"),
        (.trackingEvents, "shipment_id", "id('shipments')"), (.temperatureEvents, "shipment_id", "id('shipments')"),
        (.invoices, "partner_id, order_id", "id('alpha'), id('orders')"), (.payments, "partner_id", "id('alpha')"),
        (.refunds, "order_id", "id('orders')"), (.creditNotes, "invoice_id", "id('invoices')"),
        (.shippingAddresses, "partner_id", "id('alpha')"), (.contracts, "partner_id", "id('alpha')"),
        (.resaleCertificates, "partner_id", "id('alpha')"), (.partnerIntegrations, "partner_id", "id('alpha')"),
        (.integrationSyncLogs, "integration_id", "id('partner_integrations')"),
        (.supportTickets, "partner_id", "id('alpha')"), (.customers, "first_name", "'Dee'"),
        (.webhookEndpoints, "partner_id, url", "id('alpha'), 'https://hooks.example/'"),
        (.webhookDeliveries, "endpoint_id", "id('webhook_endpoints')"),
        (.workflowAttention, "machine, record_id, task", "'lead', id('leads'), 'call_back'"),
        (.workflowRefusals, "machine, record_id, move, codes", "'lead', id('leads'), 'qualify', '{move_not_here}'"),
        (.conversations, "kind", "'direct'"),
        (.taxRates, "state", "'NV'"), (.auditLog, "seq, action", "4711, 'signed_in'"),
    ]
    static let planted: [SQL] = rows.map { table, columns, values in
        """
        INSERT INTO \(unsafeUnescaped: table.rawValue) (id, \(unsafeUnescaped: columns))
        VALUES (id('\(unsafeUnescaped: table.rawValue)'), \(unsafeUnescaped: values))
        """
    }
    /// Whose rows everybody sees.
    private static let shared: Set<Table> = [.products]
    private static let identities = [
        "partners": Estate.id("alpha"), "partner-users": Estate.id("al"), "sales-reps": Estate.id("rita"),
        "admins": Estate.id("sue"), "settings": "security.totp_required", "audit-log": "4711",
        "conversations": Estate.id("conversations"),
    ]

    /// The address of an operation with the planted record's id; nil for one whose record is not known here.
    static func address(_ operation: WebAPI.Operation, _ tables: [String: Table]) -> String? {
        guard operation.path.contains("{id}") else { return operation.path }
        let name = String(operation.path.dropFirst("/api/v1/".count).prefix { $0 != "/" })
        guard let id = identities[name] ?? tables[name].map({ Estate.id($0.rawValue) }) else { return nil }
        return operation.path.replacing("{id}", with: id)
    }

    @Test func `a stranger finds nothing at any address, and nobody is let in`() async throws {
        try await Estate.with(isLoose: true, Self.planted) { estate in
            let operations = WebDoor.operations(estate.dependencies)
            let tables = Dictionary(
                WebDoor.resources(estate.dependencies).filter { $0.parent == nil }.map { ($0.name, $0.table) }
            ) { first, _ in first }
            var walked = 0
            for operation in operations {
                guard case .rows(let table) = operation.scope, case .signedIn(let kinds, let needs) = operation.access
                else { continue }
                let path = try #require(Self.address(operation, tables), "plant a row for \(operation.path)")
                let method = operation.method.rawValue
                for (name, kind) in [(nil, nil), ("ned", .admin), ("cy", .partnerUser), ("rob", .salesRep)]
                    as [(String?, Visitor.Kind?)]
                {
                    // What an admin may do with what they all see, the moves say; here it is about permissions to ask at all.
                    if kind == .admin, needs == nil { continue }
                    let answer = try await estate.send(
                        method, path, as: name, body: operation.body?.example, headers: ["If-Match": "*"])
                    let what =
                        "\(method) \(path) as \(name ?? "nobody"): \(answer.status) \(answer.raw.text.prefix(300))"
                    walked += 1
                    guard let kind else {
                        #expect(answer.status == 401, "\(what)")
                        continue
                    }
                    if !kinds.contains(kind) || (kind == .admin && needs != nil) {
                        #expect(answer.status == 403, "\(what)")
                    } else if kind != .admin, !Self.shared.contains(table) {
                        if operation.path.contains("{id}") { #expect(answer.status == 404, "\(what)") }
                        // A problem names the address that was asked for; a bulk move tells of each id that was sent.
                        #expect(answer.status >= 400 || !answer.raw.text.contains(Estate.id(table.rawValue)), "\(what)")
                    }
                }
            }
            #expect(walked > 300)
        }
    }

    @Test func `whose record it is finds it`() async throws {
        try await Estate.with(isLoose: true, Self.planted) { estate in
            for resource in WebDoor.resources(estate.dependencies) where resource.hasRecords {
                let id = Self.identities[resource.name] ?? Estate.id(resource.table.rawValue)
                let names: [(String, Visitor.Kind)] = [("sue", .admin), ("rita", .salesRep), ("al", .partnerUser)]
                for (name, kind) in names where resource.audience.contains(kind) {
                    if resource.table == .notifications, name != "al" { continue }
                    if [.contracts, .partnerUsers].contains(resource.table), name == "al" { continue }
                    let answer = try await estate.get("\(resource.path)/\(id)", as: name)
                    #expect(answer.status == 200, "\(resource.path) as \(name): \(answer.raw.text.prefix(300))")
                    let list = try await estate.get(resource.path, as: name)
                    #expect(list.raw.text.contains(id), "\(resource.path) as \(name): \(list.raw.text.prefix(300))")
                }
            }
        }
    }

    @Test func `what a role may not see is in no answer`() async throws {
        let secrets = ["password_hash", "totp_secret", "token_enc", "token_hash", "tax_id_", "feed_token"]
        let costs = ["cost_per_unit", "wholesale_price", "987654321", "revenue_cents"]
        let forbidden = [
            "sue": secrets, "rob": secrets + costs + ["tax_id"], "max": secrets + costs + ["tax_id"],
            "al": secrets + costs + ["starter_price", "growth_price", "enterprise_price", "base_salary", "is_private"],
        ]
        try await Estate.with(isLoose: true, Self.planted) { estate in
            for resource in WebDoor.resources(estate.dependencies) where resource.parent == nil {
                for (name, words) in forbidden {
                    let id = Self.identities[resource.name] ?? Estate.id(resource.table.rawValue)
                    for path in [resource.path, "\(resource.path)/\(id)", "\(resource.path)/\(id)/history"] {
                        let text = try await estate.get(path, as: name).raw.text
                        for word in words { #expect(!text.contains(word), "\(path) as \(name) tells \(word)") }
                    }
                }
            }
            // The rep's own pay is the rep's, and the cost is the company's: so the words are there to be found.
            #expect(try await estate.get("/api/v1/sales-reps", as: "rita").raw.text.contains("987654321"))
            #expect(try await estate.get("/api/v1/products", as: "sue").raw.text.contains("987654321"))
            #expect(try await estate.get("/api/v1/products", as: "al")["items"]?.list?.first?["price_cents"] == 375)
        }
    }
}
