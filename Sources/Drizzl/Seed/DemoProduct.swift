import Database
import Foundation
import StateMachines
import Workflows

/// A product with its stock.
struct DemoProduct: Codable, Sendable {
    struct Nutrition: Codable, Sendable {
        var calories: Int
        var protein: Int
        var carbs: Int
        var fat: Int
        var sugar: Int
    }

    /// A change of the price that is announced.
    struct PriceChange: Codable, Sendable {
        var cents: Int64
        var day: String
        var by: String
        var reason: String
    }

    /// Goods of the first lot that were lost.
    struct Loss: Codable, Sendable {
        var at: String
        var units: Int
        var reason: String
    }

    var sku: String
    var name: String
    var category: String
    var subcategory: String
    var msrpCents: Int64
    var costCents: Int64
    var pack: Int
    var minimum: Int
    var badges: [String]
    var description: String
    var ingredients: [String]
    var allergens: [String]
    var certifications: [String]
    var serving: String
    var nutrition: Nutrition
    /// Pounds.
    var weight: Double
    var dimensions: String
    /// When it is on the list and its first goods come, and how many.
    var since: String
    var opening: Int
    /// When the lots of now come, and how many units each has.
    var lotsCome: String
    var lots: [Int]
    var loss: Loss?
    var priceChange: PriceChange?

    private var id: UUID { DemoNames.id("product:\(sku)") }

    /// The product, its first goods, and its lots of now.
    func steps(_ calendar: DemoCalendar) throws -> [DemoStep] {
        var first = [DemoRow(product)]
        if opening > 0 { first.append(DemoRow(receive(opening, lot: nil))) }
        let arrival = try calendar.day(String(lotsCome.prefix(10)))
        let arrivals = lots.enumerated().flatMap { index, quantity in
            let (code, made) = ("\(sku)-L\(index + 1)", arrival.adding(days: 7 * index - 28))
            let lot: SQL = """
                INSERT INTO lots (id, lot_code, product_id, made_on, expires_on, quantity, remaining)
                VALUES (\(DemoNames.id("lot:\(code)")), \(code), \(id), \(made), \(made.adding(days: 365)),
                    \(quantity), \(quantity))
                ON CONFLICT DO NOTHING
                """
            return [DemoRow(lot), DemoRow(receive(quantity, lot: DemoNames.id("lot:\(code)")))]
        }
        return try [
            DemoStep(at: since, action: .rows(first)),
            DemoStep(at: lotsCome, action: .rows(arrivals + announced(calendar))),
        ] + (loss.map { [DemoStep(at: $0.at, action: .rows([DemoRow(take($0))]))] } ?? [])
    }

    private var product: SQL {
        let words = Self.words(nutrition)
        return """
            INSERT INTO products (id, name, sku, category, subcategory, msrp_cents, retail_price_cents,
                cost_per_unit_cents, case_pack_size, min_order_qty, badges, is_featured, description, short_desc,
                ingredients, allergens, certifications, serving_size, nutrition, calories, protein_g, carbs_g, fat_g,
                sugar_g, weight_lb, dimensions, case_weight_lb, case_dimensions, units_per_pallet, storage_temp)
            VALUES (\(id), \(name), \(sku), \(category), \(subcategory), \(msrpCents), \(msrpCents), \(costCents),
                \(pack), \(minimum), \(badges), \(badges.contains("featured")), \(description), \(name), \(ingredients),
                \(allergens), \(certifications), \(serving), \(JSON(text: words)), \(nutrition.calories),
                \(nutrition.protein), \(nutrition.carbs), \(nutrition.fat), \(nutrition.sugar), \(weight), \(dimensions),
                \(weight * Double(pack)), '16 x 12 x 8 in', \(pack * 80), '-10 °F to 0 °F')
            ON CONFLICT DO NOTHING
            """
    }

    /// Goods that come in count once.
    private func receive(_ quantity: Int, lot: UUID?) -> SQL {
        """
        WITH received AS (
            INSERT INTO stock_movements (id, product_id, location_id, lot_id, kind, quantity, actor_kind, reason)
            SELECT \(UUID(derivedFrom: "drizzl demo", "receive", id.uuidString, lot?.uuidString ?? "")), \(id), l.id,
                \(lot), 'receive', \(quantity), 'system', 'production'
            FROM stock_locations l WHERE l.is_default
            ON CONFLICT DO NOTHING RETURNING quantity
        )
        UPDATE products SET stock = stock + received.quantity FROM received WHERE id = \(id)
        """
    }

    /// Goods that are lost count once.
    private func take(_ loss: Loss) -> SQL {
        let lot = DemoNames.id("lot:\(sku)-L1")
        return """
            WITH lost AS (
                INSERT INTO stock_movements (id, product_id, location_id, lot_id, kind, quantity, actor_kind, reason)
                SELECT \(UUID(derivedFrom: "drizzl demo", "lose", id.uuidString)), \(id), l.id, \(lot), 'adjust',
                    \(-loss.units), 'system', \(loss.reason)
                FROM stock_locations l WHERE l.is_default
                ON CONFLICT DO NOTHING RETURNING quantity
            ), left_over AS (
                UPDATE lots SET remaining = remaining + lost.quantity FROM lost WHERE id = \(lot)
            )
            UPDATE products SET stock = stock + lost.quantity FROM lost WHERE id = \(id)
            """
    }

    private func announced(_ calendar: DemoCalendar) throws -> [DemoRow] {
        guard let change = priceChange else { return [] }
        let day = try calendar.day(change.day)
        return [
            DemoRow(
                """
                INSERT INTO price_changes (id, product_id, field, old_cents, new_cents, effective_at, made_by, reason)
                VALUES (\(DemoNames.id("price:\(sku)")), \(id), 'msrp', \(msrpCents), \(change.cents),
                    \(day.instant(in: calendar.zone)), \(DemoNames.id(change.by)), \(change.reason))
                ON CONFLICT DO NOTHING
                """)
        ]
    }

    private static func words(_ facts: Nutrition) -> String {
        """
        {"calories": \(facts.calories), "protein_g": \(facts.protein), "carbs_g": \(facts.carbs), \
        "fat_g": \(facts.fat), "sugar_g": \(facts.sugar)}
        """
    }
}
