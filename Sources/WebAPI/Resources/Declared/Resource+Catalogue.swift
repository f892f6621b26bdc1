import Accounts
import Database

extension Resource {
    /// Products and their prices (D-11, D-49), each field to whom SEC-08 shows it.
    static let catalogue: [Resource] = [
        Resource(
            "products", "product", .products, tag: "Catalogue",
            creation: .row(.admins, needs: .manageProducts), editing: (.admins, .manageProducts),
            times + productText + productFigures),
        Resource(
            "price-lists", "price list", .priceLists, tag: "Catalogue",
            creation: .row(.admins, needs: .managePrices), editing: (.admins, .managePrices),
            times + [
                Column("name", .line, .search, .edit, .required),
                Column("partner_id", .id, .null, .filter, .create, parent: .partners),
                Column("tier", .tier, .null, .filter, .create),
                Column("priority", .count, .sort, .edit), Column("starts_on", .day, .sort, .range, .edit, .required),
                Column("ends_on", .day, .null, .range, .edit),
            ]),
        Resource(
            "price-list-items", "price list item", .priceListItems, tag: "Catalogue",
            creation: .row(.admins, needs: .managePrices), editing: (.admins, .managePrices),
            removal: Removal(kinds: .admins, needs: .managePrices),
            times + [
                Column("price_list_id", .id, .filter, .create, .required, parent: .priceLists),
                Column("product_id", .id, .filter, .create, .required, parent: .products),
                Column("unit_price_cents", .integer(0...1_000_000_000), .sort, .edit, .required),
                Column("min_quantity", .integer(1...1_000_000), .edit),
                Column("approved_by", .id, .null, to: .admins),
            ]),
        Resource(
            "price-changes", "price change", .priceChanges, tag: "Catalogue", audience: .admins,
            creation: .row(.admins, needs: .managePrices), consequences: [.priceChange],
            [
                Column("product_id", .id, .filter, .create, .required, parent: .products),
                Column("field", .choice(["msrp", "retail", "cost"]), .filter, .create, .required),
                Column("old_cents", .cents), Column("new_cents", .integer(0...1_000_000_000), .create, .required),
                Column("effective_at", .moment, .sort, .range, .create, .required),
                Column("notice_at", .moment, .null, .create), Column("made_by", .id, .filter),
                Column("applied_at", .moment, .null), Column("reason", .text(), .null, .create),
                Column("created_at", .moment, .sort, .range),
            ]),
    ]

    private static let productText: [Column] = [
        Column("name", .line, .search, .sort, .edit, .required), Column("sku", .line, .search, .sort, .edit, .required),
        Column(
            "category", .choice(["smoothie", "ice_cream", "popsicle", "frozen_meal", "protein_bar"]), .filter, .edit,
            .required),
        Column(
            "subcategory", .choice(["detox", "protein", "immunity", "dessert", "dinner"]), .null, .filter, .edit),
        Column("tax_class", .text(1...40), .edit), Column("description", .text(0...10_000), .null, .edit),
        Column("short_desc", .text(), .null, .edit), Column("benefits", .words, .edit),
        Column("ingredients", .words, .edit), Column("allergens", .words, .edit),
        Column("nutrition", .map, .null, .edit), Column("serving_size", .text(), .null, .edit),
        Column("servings_per_unit", .integer(1...10_000), .edit),
        Column("calories", .integer(0...100_000), .null, .edit),
        Column("protein_g", .number, .null, .edit), Column("carbs_g", .number, .null, .edit),
        Column("fat_g", .number, .null, .edit), Column("sugar_g", .number, .null, .edit),
        Column("certifications", .words, .edit), Column("image_file_id", .id, .null),
        Column("thumbnail_file_id", .id, .null), Column("video_url", .text(), .null, .edit),
        Column("weight_lb", .number, .null, .edit), Column("dimensions", .text(), .null, .edit),
        Column("case_pack_size", .integer(1...10_000), .edit), Column("case_dimensions", .text(), .null, .edit),
        Column("case_weight_lb", .number, .null, .edit),
        Column("units_per_pallet", .integer(1...1_000_000), .null, .edit),
        Column("storage_temp", .text(), .null, .edit), Column("max_temp_f", .number, .edit),
        Column("shelf_life_days", .integer(1...10_000), .edit), Column("lead_time_days", .integer(0...1_000), .edit),
        Column("min_order_qty", .integer(1...1_000_000), .edit), Column("badges", .words, .edit),
        Column("is_featured", .boolean, .filter, .edit), Column("is_active", .boolean, .filter, .edit),
        Column("launch_date", .day, .null, .range, .edit), Column("review_count", .count),
        Column("avg_rating", .number, .null),
    ]

    private static let productFigures: [Column] = [
        Column("msrp_cents", .integer(0...1_000_000_000), .sort, .range, .create, .required),
        Column("retail_price_cents", .integer(0...1_000_000_000), .create, .required),
        // What the partner pays before its own price lists; of the other tiers it is told nothing.
        Column(
            "price_cents", .cents,
            sql: """
                (SELECT share_of(t.msrp_cents, (10000 - p.discount_bp)::bigint) FROM partners p
                 WHERE p.id = (SELECT visitor.partner()))
                """, to: [.partnerUser]),
        Column("starter_price_cents", .cents, to: .company), Column("growth_price_cents", .cents, to: .company),
        Column("enterprise_price_cents", .cents, to: .company),
        Column("wholesale_price_cents", .integer(0...1_000_000_000), .null, .create, to: .admins),
        Column("cost_per_unit_cents", .integer(0...1_000_000_000), .create, .required, to: .admins),
        Column("available", .count, sql: "greatest(t.stock - t.allocated, 0)"),
        Column("stock", .count, .sort, to: .admins), Column("allocated", .count, to: .admins),
        Column("reorder_point", .integer(0...1_000_000), .edit, to: .admins),
        Column("backorder_limit", .integer(0...1_000_000), .edit, to: .admins),
        Column("low_stock_armed", .boolean, to: .admins), Column("total_sold", .count, .sort, to: .admins),
        Column("revenue_cents", .cents, .sort, to: .admins),
    ]

    /// Stock, lots and batches (D-36, D-37).
    static let stock: [Resource] = [
        Resource(
            "stock-locations", "stock location", .stockLocations, tag: "Stock", audience: .admins,
            creation: .row(.admins, needs: .manageStock), editing: (.admins, .manageStock),
            times + [Column("name", .line, .search, .sort, .edit, .required), Column("is_default", .boolean, .filter)]),
        Resource(
            "stock-movements", "stock movement", .stockMovements, tag: "Stock", audience: .admins,
            creation: .row(
                .admins, needs: .manageStock,
                filling: [
                    ("actor_kind", "visitor.kind()"), ("actor_id", "visitor.id()"),
                    ("location_id", "(SELECT l.id FROM stock_locations l WHERE l.is_default)"),
                ]), consequences: [.stockMovement],
            [
                Column("product_id", .id, .filter, .create, .required, parent: .products),
                Column("location_id", .id, .filter, .create, parent: .stockLocations),
                Column("lot_id", .id, .null, .filter, .create, parent: .lots),
                Column(
                    "kind", .choice(["adjust", "receive", "allocate", "release", "sale", "return"]), .filter, .create,
                    .required),
                Column("quantity", .count, .create, .required), Column("order_id", .id, .null, .filter),
                Column("actor_kind", .actorKind), Column("actor_id", .id, .null),
                Column("reason", .text(), .null, .create),
                Column("created_at", .moment, .sort, .range),
            ]),
        Resource(
            "lots", "lot", .lots, tag: "Stock", audience: .admins,
            // What of it is left, shipments say; its state, whoever decides on quality, which the database demands.
            creation: .row(
                .admins, needs: .manageStock,
                filling: [
                    ("remaining", "x.quantity"),
                    (
                        "expires_on",
                        "x.made_on + (SELECT p.shelf_life_days FROM products p WHERE p.id = x.product_id)"
                    ),
                ]), editing: (.admins, nil),
            times + [
                Column("lot_code", .line, .search, .sort, .create, .required),
                Column("product_id", .id, .filter, .create, .required, parent: .products),
                Column("batch_id", .id, .null, .filter, .edit, parent: .productionBatches),
                Column("made_on", .day, .sort, .range, .create, .required),
                Column("expires_on", .day, .sort, .range, .edit),
                Column("quantity", .integer(1...1_000_000_000), .create, .required),
                Column("remaining", .count, .sort),
                Column("state", .choice(["released", "hold", "recalled"]), .filter, .edit),
            ]),
        Resource(
            "production-batches", "production batch", .productionBatches, tag: "Stock", audience: .admins,
            creation: .row(.admins, needs: .manageStock), editing: (.admins, .manageStock),
            times + [
                Column("code", .line, .search, .sort, .create, .required),
                Column("planned_on", .day, .sort, .range, .edit, .required),
                Column("started_at", .moment, .null, .edit), Column("finished_at", .moment, .null, .edit),
            ]),
    ]
}
