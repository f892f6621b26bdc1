import Database
import Foundation
import StateMachines
import Testing

@testable import WebAPI

/// What people take away again, documents that they add, and goods that they book.
@Suite struct RemovingTests {
    private static let lead: SQL = """
        INSERT INTO leads (id, company_name, email, source, sales_rep_id, status, status_seq, status_since)
        VALUES (id('lead'), 'Shop', 'a@shop.example', 'referral', id('rita'), 'new', 1, now())
        """
    private static let product: SQL = """
        INSERT INTO products (id, name, sku, category, msrp_cents, retail_price_cents, cost_per_unit_cents)
        VALUES (id('product'), 'Mango', 'M-1', 'smoothie', 800, 700, 100)
        """

    @Test func `a note is removed by its author alone`() async throws {
        try await Estate.with([Self.lead]) { estate in
            let bodies: [(String, JSONValue)] = [
                ("lead-notes", .object(["lead_id": .string(Estate.id("lead")), "note": "Called"])),
                ("partner-notes", .object(["partner_id": .string(Estate.id("alpha")), "note": "Called"])),
            ]
            for (name, body) in bodies {
                let made = try await estate.send("POST", "/api/v1/\(name)", as: "rita", body: body)
                let path = try #require(made.raw.headers["location"], "\(made.raw.text)")
                #expect(try await estate.send("DELETE", path, as: "rob").status == 404)
                #expect(try await estate.send("DELETE", path, as: "max").code == "read_only")
                #expect([403, 404].contains(try await estate.send("DELETE", path, as: "sue").status))
                #expect(try await estate.send("DELETE", path, as: "rita").status == 204)
                #expect(try await estate.get(path, as: "rita").status == 404)
            }
        }
    }

    @Test func `an address is put away, and stays for the orders that name it`() async throws {
        try await Estate.with { estate in
            let made = try await estate.send(
                "POST", "/api/v1/shipping-addresses", as: "al",
                body: .object([
                    "label": "Main", "recipient_name": "Al", "address1": "1 Main", "city": "Reno", "state": "NV",
                    "zip_code": "89501",
                ]))
            let path = try #require(made.raw.headers["location"], "\(made.raw.text)")
            #expect(try await estate.send("DELETE", path, as: "cy").status == 404)
            #expect(try await estate.send("DELETE", path, as: "al").status == 204)
            #expect(try await estate.get(path, as: "al")["archived_at"]?.text == "2026-03-02T18:00:00Z")
        }
    }

    @Test func `a document of a lead is a file that was sent for it`() async throws {
        let files = ["lead", "order"].map { machine -> SQL in
            """
            INSERT INTO files (id, storage_key, name, mime, size_bytes, sha256, machine, record_id, kept_in)
            VALUES (id('file of ' || \(machine)::text), \(machine)::text, 'a.pdf', 'application/pdf', 1,
                sha256('x'), \(machine)::text, id(\(machine)::text), 'disk')
            """
        }
        let order: SQL = """
            INSERT INTO orders (id, order_number, type, partner_id, placed_by_kind, subtotal_cents, tax_cents,
                shipping_cents, total_cents, payment_terms, placed_on, status, status_seq, status_since)
            VALUES (id('order'), 'ORD-1', 'B2B', id('alpha'), 'partner_user', 1000, 0, 0, 1000, 'NET30', '2026-03-01',
                'pending', 1, now())
            """
        try await Estate.with([Self.lead, order] + files) { estate in
            func add(_ file: String, as name: String) async throws -> Answer {
                try await estate.send(
                    "POST", "/api/v1/lead-documents", as: name,
                    body: .object([
                        "lead_id": .string(Estate.id("lead")), "name": "Offer", "type": "proposal",
                        "file_id": .string(Estate.id("file of \(file)")),
                    ]))
            }
            #expect(try await add("lead", as: "rob").status == 404)
            #expect(try await add("order", as: "rita").status == 403)
            let made = try await add("lead", as: "rita")
            #expect(made["uploaded_by"]?.text == Estate.id("rita"), "\(made.raw.text)")
            #expect(try await add("lead", as: "sue")["uploaded_by"]?.text == Estate.id("rita"))
            let path = try #require(made.raw.headers["location"])
            #expect(try await estate.get(path, as: "rob").status == 404)
            #expect(try await estate.send("DELETE", path, as: "rita").status == 204)
        }
    }

    @Test func `goods are received into stock, lots are kept, and recalled by who decides on quality`() async throws {
        try await Estate.with([Self.product]) { estate in
            let product = JSONValue.string(Estate.id("product"))
            _ = try await estate.pool.query(
                "UPDATE admins SET permissions = '{stock.manage}' WHERE id = \(Estate.id("ned"))::uuid RETURNING id")
            let lot = try await estate.send(
                "POST", "/api/v1/lots", as: "ned",
                body: .object(["lot_code": "L1", "product_id": product, "made_on": "2026-03-01", "quantity": 120]))
            #expect(lot["remaining"] == 120 && lot["expires_on"] == "2027-03-01", "\(lot.raw.text)")
            let path = try #require(lot.raw.headers["location"])
            func book(_ kind: String, _ quantity: Int64) async throws -> Answer {
                try await estate.send(
                    "POST", "/api/v1/stock-movements", as: "ned",
                    body: .object([
                        "product_id": product, "lot_id": lot["id"] ?? .null, "kind": .string(kind),
                        "quantity": .integer(quantity),
                    ]))
            }
            let received = try await book("receive", 120)
            #expect(received.status == 201 && received["actor_id"]?.text == Estate.id("ned"), "\(received.raw.text)")
            #expect(try await book("adjust", -20).status == 201)
            #expect(try await book("sale", -5).faults == ["not_by_hand kind"])
            let shown = try await estate.get("/api/v1/products/\(Estate.id("product"))", as: "sue")
            #expect(shown["stock"] == 100)
            func recall(as name: String) async throws -> Answer {
                try await estate.send(
                    "PATCH", path, as: name, body: .object(["state": "recalled"]), headers: ["If-Match": "*"])
            }
            #expect(try await recall(as: "ned").code == "not_yours")
            #expect(try await recall(as: "sue")["state"] == "recalled")
        }
    }

    @Test func `whoever changes a setting stands by it`() async throws {
        try await Estate.with { estate in
            let changed = try await estate.send(
                "PATCH", "/api/v1/settings/lead.hot", as: "sue", body: .object(["value": 82]),
                headers: ["If-Match": "*"])
            #expect(changed["updated_by"]?.text == Estate.id("sue"), "\(changed.raw.text)")
            #expect(changed["updated_by_kind"] == "admin")
        }
    }
}
