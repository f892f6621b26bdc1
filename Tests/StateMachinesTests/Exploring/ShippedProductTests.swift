import StateMachines
import Testing

@Suite struct ShippedProductTests {
    @Test func `the shipped machines meet every property together`() {
        let files = WorkflowFiles.load(directory: shippedWorkflows).files
        let report = ProductCheck(files).run()
        #expect(report.faults.map(\.description) == [])
        #expect(report.worlds.count == 6)
    }
}
