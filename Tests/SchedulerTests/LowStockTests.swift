import Database
import Foundation
import Testing

/// What those who keep the stock are told (J-20, R-29).
@Suite struct LowStockTests {
    private static let notices: SQL = "SELECT message AS text FROM notifications ORDER BY created_at, id"
    private static let mails: SQL = """
        SELECT kind AS text FROM queue.jobs j WHERE EXISTS (
            SELECT FROM notification_deliveries d
            WHERE d.channel = 'email' AND d.state = 'queued' AND d.id::text = lower(j.payload ->> 'delivery'))
        """

    private func setStock(_ stock: Int, in bed: CompanyBed) async throws {
        _ = try await bed.pool.query("UPDATE products SET stock = \(stock) WHERE id = \(bed.product)")
    }

    private static func left(_ stock: Int) -> String { "\(stock) left, reorder point 100, lead time 5 days." }

    @Test(arguments: [
        ([112, 100], [100]),
        ([112, 100, 88, 100], [100]),
        ([112, 100, 109, 97], [100]),
        ([112, 100, 110, 98], [100, 98]),
        ([112, 101], []),
    ])
    func `each crossing is told once (R-29)`(stock: [Int], told: [Int]) async throws {
        try await CompanyBed.with { bed in
            for (index, level) in stock.enumerated() {
                try await setStock(level, in: bed)
                // However often it is looked.
                for look in 0..<2 {
                    try await bed.lookAtStock(at: CompanyBed.at("2026-03-02", index, look))
                }
            }
            #expect(try await bed.texts(Self.notices) == told.map(Self.left))
            #expect(try await bed.texts(Self.mails) == told.map { _ in "send_notice_email" })
            let told = try await bed.owner.query("SELECT DISTINCT recipient_id FROM notifications")
            #expect(try told.allSatisfy { try $0.value("recipient_id") == bed.keeper })
        }
    }

    @Test func `what was ordered counts as what is gone, and so does a higher reorder point`() async throws {
        try await CompanyBed.with { bed in
            _ = try await bed.owner.query("UPDATE products SET allocated = 12")
            try await bed.lookAtStock()
            #expect(try await bed.texts(Self.notices) == [Self.left(100)])
            _ = try await bed.owner.query("UPDATE products SET allocated = 0, reorder_point = 50")
            _ = try await bed.owner.query("UPDATE products SET reorder_point = 112")
            try await bed.lookAtStock(at: CompanyBed.at("2026-03-02", 11))
            #expect(try await bed.texts(Self.notices).last == "112 left, reorder point 112, lead time 5 days.")
        }
    }

    @Test func `a notice comes with its mail, or not at all and then later`() async throws {
        try await CompanyBed.with { bed in
            try await setStock(90, in: bed)
            // Nothing can be queued: the program dies between the notice and its mail.
            _ = try await bed.owner.query(
                "ALTER TABLE queue.jobs ADD CONSTRAINT none CHECK (kind <> 'send_notice_email') NOT VALID")
            await #expect(throws: DatabaseError.self) { try await bed.lookAtStock() }
            #expect(try await bed.texts(Self.notices) == [])
            _ = try await bed.owner.query("ALTER TABLE queue.jobs DROP CONSTRAINT none")
            try await bed.lookAtStock()
            #expect(try await bed.texts(Self.notices) == [Self.left(90)])
            #expect(try await bed.texts(Self.mails) == ["send_notice_email"])
        }
    }

    @Test func `schedulers that see it at once tell it once`() async throws {
        try await CompanyBed.with { bed in
            try await setStock(90, in: bed)
            try await withThrowingTaskGroup { group in
                for _ in 0..<4 { group.addTask { try await bed.lookAtStock() } }
                try await group.waitForAll()
            }
            #expect(try await bed.texts(Self.notices) == [Self.left(90)])
            #expect(try await bed.texts(Self.mails) == ["send_notice_email"])
        }
    }

    @Test func `goods that came in before anybody was told are no news`() async throws {
        try await CompanyBed.with { bed in
            try await setStock(90, in: bed)
            try await setStock(500, in: bed)
            try await bed.lookAtStock()
            #expect(try await bed.texts(Self.notices) == [])
        }
    }
}
