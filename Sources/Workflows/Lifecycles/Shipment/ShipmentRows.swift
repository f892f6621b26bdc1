import Database
import Foundation
import StateMachines

/// The statements that read shipments.
enum ShipmentRows {
    /// Takes the locks of the aggregates: everything about one order goes one after the other.
    static func lockOrders(of shipments: SQL) -> SQL {
        """
        SELECT id FROM orders
        WHERE id IN (SELECT order_id FROM shipments WHERE id IN (\(shipments)))
        ORDER BY id
        FOR NO KEY UPDATE
        """
    }

    /// Reads shipments with what matters of their orders; their own locks when they are about to be changed.
    static func shipments(_ ids: SQL, locking: Bool) -> SQL {
        let lock: SQL = locking ? "FOR NO KEY UPDATE OF s" : ""
        return """
            SELECT s.id, s.replaces_id, s.tracking_number, s.carrier, s.carrier_service, s.current_location,
                s.last_scan_at, s.collected_at, s.stock_taken_at, s.delivered_to, s.delivery_signature_file_id,
                s.delivery_photo_file_id, s.actual_delivery, s.problem_code, s.problem_note, s.resolution,
                s.resolution_note, s.quality_hold, s.quality_held_at, s.quality_decision, s.quality_decision_reason,
                s.quality_decided_by, s.status, s.status_seq, s.status_since,
                (SELECT e.location FROM tracking_events e WHERE e.shipment_id = s.id
                 ORDER BY e.occurred_at DESC, e.id DESC LIMIT 1) AS newest_place,
                \(orderColumns)
            FROM shipments s JOIN orders o ON o.id = s.order_id \(orderJoins)
            WHERE s.id IN (\(ids))
            ORDER BY s.id
            \(lock)
            """
    }

    /// The inputs that name a file which is not there.
    static func files(of command: Command?) -> SQL {
        let fields = ["signature", "photo"]
        let ids = fields.map { field -> UUID? in
            guard case .string(let text)? = command?.inputs[field] else { return nil }
            return UUID(uuidString: text)
        }
        return """
            SELECT g.field FROM unnest(\(fields), \(ids)) AS g (field, id)
            WHERE g.id IS NOT NULL AND NOT EXISTS (SELECT FROM files f WHERE f.id = g.id) ORDER BY g.field DESC
            """
    }

    /// What the shipments carry.
    static func items(_ ids: SQL) -> SQL {
        """
        SELECT i.shipment_id, i.order_item_id, l.product_id, i.lot_id, i.quantity
        FROM shipment_items i JOIN order_items l ON l.id = i.order_item_id
        WHERE i.shipment_id IN (\(ids))
        ORDER BY l.line_no, i.id
        """
    }

    /// The lots from which goods that have not left the stock may come; locked with their products, by id, before any
    /// of them is changed.
    static func lots(_ ids: SQL, locking: Bool) -> [SQL] {
        let products: SQL = """
            SELECT l.product_id
            FROM shipment_items i JOIN order_items l ON l.id = i.order_item_id JOIN shipments s ON s.id = i.shipment_id
            WHERE s.stock_taken_at IS NULL AND s.id IN (\(ids))
            """
        let read: SQL = """
            SELECT id, product_id, made_on, expires_on, remaining FROM lots
            WHERE state = 'released' AND remaining > 0 AND product_id IN (\(products))
            ORDER BY id
            """
        guard locking else { return [read] }
        return [
            "SELECT id FROM products WHERE id IN (\(products)) ORDER BY id FOR NO KEY UPDATE",
            "\(read) FOR NO KEY UPDATE",
        ]
    }

    /// Reads, under its lock, the order that a shipment is made for.
    static func order(_ id: UUID?) -> SQL {
        """
        SELECT \(orderColumns) FROM orders o \(orderJoins) WHERE o.id = \(id) FOR NO KEY UPDATE OF o
        """
    }

    /// What of an order is in no parcel, by line.
    ///
    /// A parcel that is sent again carries nothing any more, and so does one that no carrier ever had.
    static func left(of order: UUID?) -> SQL {
        """
        SELECT l.id AS order_item_id, l.product_id, l.quantity - coalesce(packed.quantity, 0) AS quantity
        FROM order_items l
        LEFT JOIN (
            SELECT i.order_item_id, sum(i.quantity)::integer AS quantity
            FROM shipment_items i JOIN shipments s ON s.id = i.shipment_id
            WHERE s.order_id = \(order)
              AND s.resolution IS DISTINCT FROM 'resend'
              AND NOT (s.resolution IS NOT DISTINCT FROM 'never_collected' AND s.stock_taken_at IS NULL)
            GROUP BY i.order_item_id
        ) packed ON packed.order_item_id = l.id
        WHERE l.order_id = \(order) AND l.quantity > coalesce(packed.quantity, 0)
        ORDER BY l.line_no
        """
    }

    /// How many parcels an order has had.
    static func count(of order: UUID?) -> SQL {
        "SELECT count(*) AS parcels FROM shipments WHERE order_id = \(order)"
    }

    private static let orderColumns: SQL = """
        o.id AS order_id, o.order_number, o.status AS order_status, o.released_at, o.cancelled_at,
        p.time_zone AS partner_zone, r.time_zone AS rep_zone,
        CASE WHEN p.id IS NULL THEN 0
            ELSE coalesce(p.min_remaining_life_bp, setting('stock.min_remaining_life_bp')::integer)
        END AS minimum_life_bp
        """

    private static let orderJoins: SQL = """
        LEFT JOIN partners p ON p.id = o.partner_id LEFT JOIN sales_reps r ON r.id = o.sales_rep_id
        """
}

extension ShipmentFacts {
    /// Reads a row of ``ShipmentRows/shipments(_:locking:)``.
    init(_ row: Row) throws {
        self.init(
            id: try row.value("id"), order: try Order(row), replaces: try row.optional("replaces_id"),
            trackingNumber: try row.optional("tracking_number"), carrier: try row.optional("carrier"),
            carrierService: try row.optional("carrier_service"), lines: [],
            newestPlace: try row.optional("newest_place"), currentLocation: try row.optional("current_location"),
            lastScanAt: try row.optional("last_scan_at"), collectedAt: try row.optional("collected_at"),
            stockTakenAt: try row.optional("stock_taken_at"), deliveredTo: try row.optional("delivered_to"),
            signature: try row.optional("delivery_signature_file_id"),
            photo: try row.optional("delivery_photo_file_id"), actualDelivery: try row.optional("actual_delivery"),
            problemCode: try row.optional("problem_code"), problemNote: try row.optional("problem_note"),
            resolution: try row.optional("resolution"), resolutionNote: try row.optional("resolution_note"),
            isOnQualityHold: try row.value("quality_hold"), qualityHeldAt: try row.optional("quality_held_at"),
            qualityDecision: try row.optional("quality_decision"),
            qualityReason: try row.optional("quality_decision_reason"),
            qualityDecidedBy: try row.optional("quality_decided_by"))
    }

    /// The facts with which a parcel of an order begins.
    init(id: UUID, order: Order, lines: [Line], left: [Line]) {
        self.init(id: id, order: order, lines: lines, left: left, isOnQualityHold: false)
    }
}

extension ShipmentFacts.Order {
    init(_ row: Row) throws {
        func zone(_ column: String) throws -> TimeZone? {
            try row.optional(column, as: String.self).map { TimeZone(identifier: $0) ?? .gmt }
        }
        self.init(
            id: try row.value("order_id"), number: try row.value("order_number"),
            state: try row.value("order_status"), releasedAt: try row.optional("released_at"),
            cancelledAt: try row.optional("cancelled_at"), partnerZone: try zone("partner_zone"),
            repZone: try zone("rep_zone"), minimumLife: BasisPoints(try row.value("minimum_life_bp")))
    }
}

extension ShipmentFacts.Line {
    init(_ row: Row, lot: UUID? = nil) throws {
        self.init(
            orderItem: try row.value("order_item_id"), product: try row.value("product_id"), lot: lot,
            quantity: try row.value("quantity"))
    }
}

extension LotPicking.Lot {
    init(_ row: Row) throws {
        self.init(
            id: try row.value("id"), product: try row.value("product_id"), madeOn: try row.value("made_on"),
            expiresOn: try row.value("expires_on"), remaining: try row.value("remaining"))
    }
}
