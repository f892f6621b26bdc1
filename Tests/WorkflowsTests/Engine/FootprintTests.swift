import Database
import Testing

@testable import Workflows

@Suite("what statements write and look at") struct FootprintTests {
    @Test("tables are written behind INSERT INTO, UPDATE and DELETE FROM, also within WITH")
    func written() {
        let statements: [SQL] = [
            "INSERT INTO payments (id) SELECT id FROM invoices ON CONFLICT (id) DO UPDATE SET id = 1",
            "WITH moved AS (UPDATE orders SET status = \("paid") FROM partners) DELETE FROM order_holds WHERE true",
        ]
        #expect(Footprint.written(by: statements) == ["payments", "orders", "order_holds"])
    }

    @Test("locks and conditions write nothing")
    func read() {
        let statements: [SQL] = [
            "SELECT id FROM orders WHERE id IN (SELECT order_id FROM invoices) FOR NO KEY UPDATE OF orders",
            "SELECT 1 FROM lots FOR UPDATE SKIP LOCKED",
            "SELECT extract(epoch FROM now()) WHERE status IS DISTINCT FROM previous",
        ]
        #expect(Footprint.written(by: statements) == [])
    }

    @Test("a table is looked at where its whole name stands, however it is reached")
    func looks() {
        let reading: [SQL] = [
            "SELECT 1 FROM invoices AS i, (SELECT * FROM public.payments) p WHERE i.id = p.invoice_id"
        ]
        #expect(Footprint.looks(reading, at: ["payments"]))
        #expect(Footprint.looks(reading, at: ["orders", "invoices"]))
        #expect(!Footprint.looks(reading, at: ["invoice", "pay", "orders"]))
        #expect(!Footprint.looks(reading, at: []))
        #expect(!Footprint.looks([], at: ["payments"]))
    }
}
