import Database
import HTTPTypes
import StateMachines

extension Consequence {
    /// A change whose time has come takes effect at once; the scheduler makes the others (D-49).
    static let priceChange = Consequence.ofMaking { writing, session in
        try session.execute("SELECT apply_price_changes(\(writing.now))")
    }

    /// What was booked by hand is in stock; the other kinds of movements are those of orders (D-36).
    static let stockMovement = Consequence.ofMaking { writing, session in
        let booked = try session.query(
            """
            UPDATE products p SET stock = p.stock + m.quantity FROM stock_movements m
            WHERE m.id = \(writing.record) AND p.id = m.product_id AND m.kind IN ('adjust', 'receive')
            RETURNING p.id
            """)
        guard booked.isEmpty else { return }
        throw Problem(
            .unprocessableContent,
            faults: [
                .init(
                    code: "not_by_hand", message: "By hand goods are received or adjusted; orders move the rest.",
                    field: "kind")
            ])
    }
}
